import { createHash } from 'node:crypto';
import { checkCount, checkFaceId, checkOneOf, checkThreshold, checkUserId } from '../arguments.js';
import { InvalidArgumentError } from '../errors.js';
import { DELETION_REASONS, DISASSOCIATION_REASONS } from '../service/reasons.js';
import { described, type Fault, type Occasion, onCalls } from './fault.js';

/** Operations that may refuse some faces and take others, and for what reasons. */
export interface FaceRejections {
  AssociateFaces: 'FACE_NOT_FOUND' | 'ASSOCIATED_TO_A_DIFFERENT_USER' | 'LOW_MATCH_CONFIDENCE';
  DisassociateFaces: 'FACE_NOT_FOUND' | 'ASSOCIATED_TO_A_DIFFERENT_USER';
  DeleteFaces: 'FACE_NOT_FOUND' | 'ASSOCIATED_TO_AN_EXISTING_USER';
}

export interface RejectFacesOptions<Name extends keyof FaceRejections> extends Occasion<Name> {
  /**
   * Which faces: so many, the first of those that the call names; or these.
   *
   * @default 1
   */
  faces?: number | readonly string[] | undefined;
  /** The user who has the faces, where that is why. @default not said */
  userId?: string | undefined;
  /** How alike face and user are, 0 to 100, for `LOW_MATCH_CONFIDENCE`. @default not said */
  similarity?: number | undefined;
}

/** Where an answer has the faces that were taken and those that were refused. */
const REJECTIONS = {
  AssociateFaces: {
    taken: 'AssociatedFaces',
    refused: 'UnsuccessfulFaceAssociations',
    reasons: [...DISASSOCIATION_REASONS, 'LOW_MATCH_CONFIDENCE'],
  },
  DisassociateFaces: {
    taken: 'DisassociatedFaces',
    refused: 'UnsuccessfulFaceDisassociations',
    reasons: DISASSOCIATION_REASONS,
  },
  DeleteFaces: {
    taken: 'DeletedFaces',
    refused: 'UnsuccessfulFaceDeletions',
    reasons: DELETION_REASONS,
  },
} satisfies {
  [Name in keyof FaceRejections]: {
    taken: string;
    refused: string;
    reasons: readonly FaceRejections[Name][];
  };
};

/**
 * Has some faces of a call refused, and the call carried out for the others.
 *
 * @example
 * rejectFaces('AssociateFaces', 'LOW_MATCH_CONFIDENCE', { faces: 2, similarity: 61 })
 */
export function rejectFaces<Name extends keyof FaceRejections>(
  operation: Name,
  reason: FaceRejections[Name],
  options: RejectFacesOptions<Name> = {},
): Fault {
  checkOneOf('operation', operation, Object.keys(REJECTIONS) as (keyof FaceRejections)[]);
  const { taken, refused, reasons } = REJECTIONS[operation];
  checkOneOf('reason', reason, reasons);
  const checks = { faces: checkFaces, userId: checkUser, similarity: checkThreshold };
  const fault = onCalls('rejectFaces', operation, options, checks, async (carryOut, _, input) => {
    const { faces = 1, userId, similarity } = options;
    const { FaceIds = [] } = input as { FaceIds?: readonly string[] };
    const rejected =
      typeof faces === 'number' ? FaceIds.slice(0, faces) : FaceIds.filter((id) => faces.includes(id));
    // In their place the call names faces that nobody has: it may name no fewer than one, and a call that is made again
    // with the same token must name the same.
    const standIns = new Map(rejected.map((faceId) => [standInFor(faceId), faceId]));
    const named = FaceIds.map((faceId) => (rejected.includes(faceId) ? standInFor(faceId) : faceId));
    const answer = (await carryOut({ ...input, FaceIds: named })) as Record<string, readonly unknown[]>;
    const others = (list: readonly unknown[] = []) => list.filter((entry) => !standIns.has(idOf(entry)));
    const rejections = rejected.map((FaceId) => ({
      FaceId,
      ...(userId !== undefined && { UserId: userId }),
      ...(similarity !== undefined && { Confidence: similarity }),
      Reasons: [reason],
    }));
    return {
      ...answer,
      [taken]: others(answer[taken]),
      [refused]: [...others(answer[refused]), ...rejections],
    };
  });
  return { ...fault, description: described('rejectFaces', operation, reason, options) };
}

/** A face id that no collection has, the same for the same face. */
function standInFor(faceId: string): string {
  const hex = createHash('sha256').update(faceId).digest('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join(
    '-',
  );
}

/** `DeletedFaces` are ids; everything else has one. */
function idOf(entry: unknown): string {
  return typeof entry === 'string' ? entry : ((entry as { FaceId?: string }).FaceId ?? '');
}

function checkUser(argument: string, value: unknown): void {
  checkUserId(value, argument);
}

function checkFaces(argument: string, value: unknown): void {
  if (Array.isArray(value))
    for (const [index, faceId] of value.entries()) checkFaceId(faceId, `${argument}[${index}]`);
  else if (typeof value === 'number') checkCount(argument, value);
  else throw new InvalidArgumentError(argument, value, 'a count, or an array of face ids');
}
