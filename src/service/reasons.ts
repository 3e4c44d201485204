/** Why something was set aside. AWS may add reasons that are not known here: they are `OTHER`. */
export interface Rejection<Reason extends string> {
  /** The first of the reasons, to switch on. */
  reason: Reason;
  reasons: readonly [Reason, ...Reason[]];
  /** For `OTHER`: the reasons as the service wrote them, if it gave any. */
  serviceReasons?: readonly string[];
}

export const QUALITY_REASONS = [
  'EXCEEDS_MAX_FACES',
  'EXTREME_POSE',
  'LOW_BRIGHTNESS',
  'LOW_SHARPNESS',
  'LOW_CONFIDENCE',
  'SMALL_BOUNDING_BOX',
  /** Also where the service rejects the faces of an image and does not say why. */
  'LOW_FACE_QUALITY',
] as const;

export const UNSEARCHED_REASONS = ['FACE_NOT_LARGEST', ...QUALITY_REASONS] as const;

export const DISASSOCIATION_REASONS = ['FACE_NOT_FOUND', 'ASSOCIATED_TO_A_DIFFERENT_USER'] as const;

export const ASSOCIATION_REASONS = [
  ...DISASSOCIATION_REASONS,
  'LOW_MATCH_CONFIDENCE',
  /** Ours: the user has as many faces as a user vector takes. The service says so with an error, or says nothing. */
  'USER_IS_FULL',
] as const;

export const DELETION_REASONS = ['FACE_NOT_FOUND', 'ASSOCIATED_TO_AN_EXISTING_USER'] as const;

type OneOf<Reasons extends readonly string[]> = Reasons[number] | 'OTHER';

/** Why a detected face was too poor for the quality filter, or one too many. */
export type QualityReason = OneOf<typeof QUALITY_REASONS>;
/** Why a detected face was not searched. */
export type UnsearchedReason = OneOf<typeof UNSEARCHED_REASONS>;
/** Why a face did not become part of a user. */
export type AssociationReason = OneOf<typeof ASSOCIATION_REASONS>;
/** Why a face could not leave a user. */
export type DisassociationReason = OneOf<typeof DISASSOCIATION_REASONS>;
/** Why a face could not be deleted. */
export type DeletionReason = OneOf<typeof DELETION_REASONS>;

/** A stored face that a call set aside, and why. */
export interface RejectedFace<Reason extends string = AssociationReason> extends Rejection<Reason> {
  faceId: string;
  /** The user who has the face, where that is why. */
  userId?: string;
  /** How alike face and user are, 0 to 100, for `LOW_MATCH_CONFIDENCE`. */
  similarity?: number;
}

export function because<Reason extends string>(reason: Reason): Rejection<Reason> {
  return { reason, reasons: [reason] };
}

/** How the developer guide writes reasons that the service's model spells otherwise. */
const SPELLINGS: Readonly<Record<string, string>> = {
  ASSOCIATED_TO_A_DIFFERENT_IDENTITY: 'ASSOCIATED_TO_A_DIFFERENT_USER',
};

/**
 * The service's reasons as ours.
 *
 * @param unsaid what it means that the service gives no reason
 */
export function toRejection<Known extends string>(
  given: readonly string[] | undefined,
  known: readonly Known[],
  unsaid: NoInfer<Known> | 'OTHER' = 'OTHER',
): Rejection<Known | 'OTHER'> {
  const serviceReasons: string[] = [];
  const reasons = (given ?? []).map((written) => {
    const reason = known.find((one) => one === (SPELLINGS[written] ?? written));
    if (reason === undefined) serviceReasons.push(written);
    return reason ?? 'OTHER';
  });
  const [reason = unsaid, ...others] = new Set(reasons);
  return { reason, reasons: [reason, ...others], ...(serviceReasons.length > 0 && { serviceReasons }) };
}

/** @param unsaid what it means that the service gives no reason */
export function toRejectedFace<Known extends string>(
  face: {
    FaceId?: string | undefined;
    UserId?: string | undefined;
    Confidence?: number | undefined;
    Reasons?: readonly string[] | undefined;
  },
  known: readonly Known[],
  unsaid?: NoInfer<Known>,
): RejectedFace<Known | 'OTHER'> {
  const { FaceId: faceId = '', UserId: userId, Confidence: similarity, Reasons } = face;
  return {
    faceId,
    ...toRejection(Reasons, known, unsaid),
    ...(userId !== undefined && { userId }),
    ...(similarity !== undefined && { similarity }),
  };
}
