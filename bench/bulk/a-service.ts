import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type {
  AssociateFacesRequest,
  IndexFacesRequest,
  RekognitionClient,
  SearchFacesRequest,
} from '@aws-sdk/client-rekognition';

type Request = Partial<AssociateFacesRequest & IndexFacesRequest & SearchFacesRequest>;

/**
 * A client of a service that finds one face in every image and takes all photos of a user for one person. It takes its
 * time, and throttles each operation that is called more often than its quota allows in a second.
 */
export function aService({
  milliseconds = 0,
  callsPerSecond = Number.POSITIVE_INFINITY,
}: {
  milliseconds?: number;
  callsPerSecond?: number;
}): Pick<RekognitionClient, 'send'> {
  const calls = new Map<string, number[]>();
  const send = async (command: { constructor: { name: string }; input: object }) => {
    const operation = command.constructor.name.replace(/Command$/, '');
    if (Number.isFinite(callsPerSecond)) {
      const now = performance.now();
      const latest = (calls.get(operation) ?? []).filter((at) => at > now - 1000);
      calls.set(operation, [...latest, now]);
      if (latest.length >= callsPerSecond) {
        throw Object.assign(new Error('Provisioned rate exceeded'), {
          name: 'ProvisionedThroughputExceededException',
          $metadata: { attempts: 1 },
        });
      }
    }
    if (milliseconds > 0) await wait(milliseconds);
    return answers[operation]!(command.input as Request);
  };
  return { send } as Pick<RekognitionClient, 'send'>;
}

const BOX = { Left: 0.2, Top: 0.2, Width: 0.5, Height: 0.6 };

/** Faces of each image's folder are alike. */
const folders = new Map<string, string[]>();

const answers: Record<string, (request: Request) => object> = {
  ListFaces: () => ({ Faces: [] }),
  IndexFaces: ({ Image, ExternalImageId }) => {
    const [folder = ''] = Image?.S3Object?.Name?.split('/') ?? [];
    const FaceId = randomUUID();
    folders.set(folder, [...(folders.get(folder) ?? []), FaceId]);
    const face = { FaceId, ExternalImageId, BoundingBox: BOX };
    return { FaceRecords: [{ Face: face, FaceDetail: { BoundingBox: BOX } }] };
  },
  CreateUser: () => ({}),
  SearchFaces: ({ FaceId = '' }) => {
    const alike = [...folders.values()].find((faces) => faces.includes(FaceId)) ?? [];
    return { FaceMatches: alike.map((id) => ({ Similarity: 99, Face: { FaceId: id } })) };
  },
  AssociateFaces: ({ FaceIds = [] }) => {
    for (const [folder, faces] of folders) if (faces.includes(FaceIds[0]!)) folders.delete(folder);
    return { AssociatedFaces: FaceIds.map((FaceId) => ({ FaceId })), UserStatus: 'UPDATING' };
  },
};
