import { readFile } from 'node:fs/promises';
import {
  CreateCollectionCommand,
  IndexFacesCommand,
  SearchFacesByImageCommand,
} from '@aws-sdk/client-rekognition';
import { LocalRekognition } from 'rekollect/local';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { departuresFromModel } from '../support/answer-model.js';
import { realModels } from '../support/real-models.js';

const CollectionId = 'samples';
const client = new LocalRekognition({ vision: realModels });
const photo = async (n: number) => ({
  Bytes: await readFile(`node_modules/@vladmandic/face-api/demo/sample${n}.jpg`),
});

beforeAll(() => client.send(new CreateCollectionCommand({ CollectionId })));
afterAll(() => client.close());

describe('the local engine with its own models', () => {
  it('indexes the faces of a photo, and says why it leaves out the one in profile', async () => {
    const request = { CollectionId, Image: await photo(2), DetectionAttributes: ['ALL' as const] };
    const { $metadata, ...answer } = await client.send(new IndexFacesCommand(request));
    expect(departuresFromModel('IndexFaces', answer)).toEqual([]);
    expect(answer.FaceRecords).toHaveLength(2);
    expect(answer.UnindexedFaces).toMatchObject([
      { Reasons: expect.arrayContaining(['EXTREME_POSE', 'LOW_FACE_QUALITY']) },
    ]);
  });

  it('finds the largest face of a photo again, wholly similar', async () => {
    const Image = await photo(5);
    const { FaceRecords } = await client.send(new IndexFacesCommand({ CollectionId, Image, MaxFaces: 1 }));
    const { FaceMatches } = await client.send(new SearchFacesByImageCommand({ CollectionId, Image }));
    expect(FaceMatches).toMatchObject([{ Face: { FaceId: FaceRecords![0]!.Face!.FaceId }, Similarity: 100 }]);
  });
});
