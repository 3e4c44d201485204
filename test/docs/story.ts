import { RekognitionClient } from '@aws-sdk/client-rekognition';
import * as rekollect from 'rekollect';
import { planEvaluation } from 'rekollect/evaluation';
import * as local from 'rekollect/local';
import { serve } from 'rekollect/server';
import { declaredFaces } from 'rekollect/testing';

/** What the snippets of the documentation take for granted: a collection, photos, and the names of the library. */
export async function aStory(client: local.LocalRekognition) {
  const { FaceCollection, fromFile } = rekollect;
  const team = new FaceCollection('team', { client });
  const party = fromFile('party.jpg');
  await team.delete();
  await team.create();
  const { associated: faceIds } = await team.enrollUser('ada', [fromFile('ada-1.jpg')]);
  await team.createUser('ada-2');
  const found = await team.searchPhoto(party);
  return {
    ...rekollect,
    ...local,
    RekognitionClient,
    planEvaluation,
    serve,
    vision: declaredFaces(),
    client,
    other: new local.LocalRekognition(),
    team,
    party,
    photo: party,
    photos: [party],
    found,
    overlay: await rekollect.annotateSvg(party, found),
    faceId: faceIds[0]!.faceId,
    faceIds: faceIds.map(({ faceId }) => faceId),
    error: new Error('Something failed.') as unknown,
    archive: async (_page: readonly rekollect.Face[]) => {},
    save: async (_key: string, _faces: rekollect.PhotoSearch['faces']) => {},
    database: {
      async *query(_sql: string): AsyncGenerator<{ id: string; photos: string[] }> {
        yield { id: 'ada', photos: ['ada-1.jpg'] };
      },
    },
  };
}

export type Story = Awaited<ReturnType<typeof aStory>>;
