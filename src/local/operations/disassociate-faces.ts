import type {
  DisassociateFacesRequest,
  DisassociateFacesResponse,
  UnsuccessfulFaceDisassociation,
} from '@aws-sdk/client-rekognition';
import type { Operation } from '../engine.js';
import { CHOICES } from '../protocol/choices.js';
import { statusOf } from '../protocol/user-status.js';
import { once } from './once.js';

export const disassociateFaces: Operation<DisassociateFacesRequest, DisassociateFacesResponse> = async (
  request,
  { change },
) => {
  const { CollectionId, UserId } = request;
  return change((records) =>
    once(records, 'DisassociateFaces', request, () => {
      records.collection(CollectionId);
      const user = records.user(CollectionId, UserId);
      const leaving = new Set<string>();
      const unsuccessful: UnsuccessfulFaceDisassociation[] = [];

      for (const faceId of new Set(request.FaceIds)) {
        const face = records.findFace(CollectionId, faceId);
        if (!face) unsuccessful.push({ FaceId: faceId, Reasons: ['FACE_NOT_FOUND'] });
        else if (face.userId === UserId) leaving.add(faceId);
        // A face of no user is in no list.
        else if (face.userId !== undefined)
          unsuccessful.push({
            FaceId: faceId,
            UserId: face.userId,
            Reasons: ['ASSOCIATED_TO_A_DIFFERENT_USER'],
          });
      }

      const staying = user.faceIds.filter((faceId) => !leaving.has(faceId));
      if (leaving.size > 0) records.setFacesOfUser(CollectionId, user, staying);
      return {
        DisassociatedFaces: [...leaving].map((faceId) => ({ FaceId: faceId })),
        UnsuccessfulFaceDisassociations: unsuccessful,
        UserStatus: leaving.size > 0 ? CHOICES.statusAfterChange : statusOf(user),
      };
    }),
  );
};
