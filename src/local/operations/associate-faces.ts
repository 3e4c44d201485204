import type {
  AssociateFacesRequest,
  AssociateFacesResponse,
  UnsuccessfulFaceAssociation,
} from '@aws-sdk/client-rekognition';
import { DEFAULTS } from '../../service/limits.js';
import { single } from '../answer-shapes.js';
import { CHOICES } from '../choices.js';
import { distance } from '../distances.js';
import type { Operation } from '../engine.js';
import { once } from '../idempotency.js';
import { refusal } from '../refusals.js';
import { checkVectorSpace, type FaceRecord, type UserRecord } from '../store/records.js';
import { statusOf } from '../user-status.js';
import type { VectorSpace } from '../vision/vision.js';

export const associateFaces: Operation<AssociateFacesRequest, AssociateFacesResponse> = async (
  request,
  engine,
) => {
  const { CollectionId, UserId, UserMatchThreshold = DEFAULTS.associationThreshold } = request;
  engine.records.collection(CollectionId);
  const { space } = await engine.vision();

  return engine.change((records) =>
    once(records, 'AssociateFaces', request, () => {
      checkVectorSpace(records.collection(CollectionId), space.version);
      const user = records.user(CollectionId, UserId);
      const associated: string[] = [];
      const unsuccessful: UnsuccessfulFaceAssociation[] = [];
      const surplus: string[] = [];

      for (const faceId of new Set(request.FaceIds)) {
        const face = records.findFace(CollectionId, faceId);
        // A face that the user has already is in no list.
        if (face?.userId === UserId) continue;
        const unfit = face ? whyUnfit(face, user, UserMatchThreshold, space) : FACE_NOT_FOUND;
        if (unfit) unsuccessful.push({ FaceId: faceId, ...unfit });
        else if (user.faceIds.length + associated.length < engine.quotas.facesPerUser)
          associated.push(faceId);
        else surplus.push(faceId);
      }

      if (surplus.length > 0 && associated.length === 0) {
        const message = `User ${UserId} has ${user.faceIds.length} faces, the most a user takes.`;
        throw refusal('ServiceQuotaExceededException', message);
      }
      // The model has no reason for a face too many.
      unsuccessful.push(...surplus.map((faceId) => ({ FaceId: faceId, Reasons: [] })));
      if (associated.length > 0) records.setFacesOfUser(CollectionId, user, [...user.faceIds, ...associated]);
      return {
        AssociatedFaces: associated.map((faceId) => ({ FaceId: faceId })),
        UnsuccessfulFaceAssociations: unsuccessful,
        UserStatus: associated.length > 0 ? CHOICES.statusAfterChange : statusOf(user),
      };
    }),
  );
};

type Unfit = Omit<UnsuccessfulFaceAssociation, 'FaceId'>;

const FACE_NOT_FOUND: Unfit = { Reasons: ['FACE_NOT_FOUND'] };

/** Why a face that exists cannot become part of a user; `undefined` when it can. */
function whyUnfit(
  face: FaceRecord,
  user: UserRecord,
  threshold: number,
  space: VectorSpace,
): Unfit | undefined {
  if (face.userId !== undefined) return { UserId: face.userId, Reasons: ['ASSOCIATED_TO_A_DIFFERENT_USER'] };
  // Nothing to be alike to: a user's first faces are taken at the caller's word.
  if (!user.vector) return undefined;
  const similarity = single(
    space.similarity(distance(space.parts, face.vector, user.vector), user.faceIds.length),
  );
  if (similarity >= single(threshold)) return undefined;
  return { Confidence: similarity, Reasons: ['LOW_MATCH_CONFIDENCE'] };
}
