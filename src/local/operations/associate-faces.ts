import type {
  AssociateFacesRequest,
  AssociateFacesResponse,
  UnsuccessfulFaceAssociation,
} from '@aws-sdk/client-rekognition';
import { DEFAULTS } from '../../limits.js';
import type { Operation } from '../engine.js';
import { single } from '../protocol/answer-shapes.js';
import { CHOICES } from '../protocol/choices.js';
import { refusal } from '../protocol/refusals.js';
import { statusOf } from '../protocol/user-status.js';
import { checkSpaces, type FaceRecord } from '../records/records.js';
import { similarityOf, spacesOf } from '../search/face-vectors.js';
import { once } from './once.js';

export const associateFaces: Operation<AssociateFacesRequest, AssociateFacesResponse> = async (
  request,
  engine,
) => {
  const { CollectionId, UserId, UserMatchThreshold = DEFAULTS.associationThreshold } = request;
  engine.records.collection(CollectionId);
  const spaces = spacesOf(await engine.vision());

  return engine.change((records) =>
    once(records, 'AssociateFaces', request, () => {
      checkSpaces(records.collection(CollectionId), spaces);
      const user = records.user(CollectionId, UserId);
      const userVectors = records.userVectors(CollectionId, user);
      const similarityToUser = (face: FaceRecord) => {
        // Nothing to be alike to: a user's first faces are taken at the caller's word.
        if (user.faceIds.length === 0) return 100;
        return single(similarityOf(spaces, records.faceVectors(CollectionId, face), userVectors));
      };
      const associated: string[] = [];
      const unsuccessful: UnsuccessfulFaceAssociation[] = [];
      const surplus: string[] = [];

      for (const faceId of new Set(request.FaceIds)) {
        const face = records.findFace(CollectionId, faceId);
        // A face that the user has already is in no list.
        if (face?.userId === UserId) continue;
        const unfit = face ? whyUnfit(face, similarityToUser, UserMatchThreshold) : FACE_NOT_FOUND;
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
  similarityToUser: (face: FaceRecord) => number,
  threshold: number,
): Unfit | undefined {
  if (face.userId !== undefined) return { UserId: face.userId, Reasons: ['ASSOCIATED_TO_A_DIFFERENT_USER'] };
  const similarity = similarityToUser(face);
  if (similarity >= single(threshold)) return undefined;
  return { Confidence: similarity, Reasons: ['LOW_MATCH_CONFIDENCE'] };
}
