import type {
  DeleteFacesRequest,
  DeleteFacesResponse,
  UnsuccessfulFaceDeletion,
} from '@aws-sdk/client-rekognition';
import type { Operation } from '../engine.js';
import type { FaceRecord } from '../records/records.js';

export const deleteFaces: Operation<DeleteFacesRequest, DeleteFacesResponse> = async (
  { CollectionId, FaceIds },
  { change },
) =>
  change((records) => {
    records.collection(CollectionId);
    const deleted: FaceRecord[] = [];
    const unsuccessful: UnsuccessfulFaceDeletion[] = [];
    for (const faceId of new Set(FaceIds)) {
      const face = records.findFace(CollectionId, faceId);
      if (!face) {
        unsuccessful.push({ FaceId: faceId, Reasons: ['FACE_NOT_FOUND'] });
      } else if (face.userId !== undefined) {
        unsuccessful.push({
          FaceId: faceId,
          UserId: face.userId,
          Reasons: ['ASSOCIATED_TO_AN_EXISTING_USER'],
        });
      } else {
        deleted.push(face);
      }
    }
    records.deleteFaces(CollectionId, deleted);
    return { DeletedFaces: deleted.map(({ faceId }) => faceId), UnsuccessfulFaceDeletions: unsuccessful };
  });
