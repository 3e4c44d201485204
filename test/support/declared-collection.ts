import {
  AssociateFacesCommand,
  CreateCollectionCommand,
  CreateUserCommand,
  IndexFacesCommand,
  type IndexFacesRequest,
} from '@aws-sdk/client-rekognition';
import { LocalRekognition, type LocalRekognitionOptions } from 'rekollect/local';
import { expect } from 'vitest';
import type { OperationName } from '../../src/local/protocol/request-shapes.js';
import type { Store } from '../../src/local/store/store.js';
import type { ServiceCommand } from '../../src/service/client.js';
import { type DeclaredFace, declaredFaces } from '../../src/testing/declared-faces.js';
import { departuresFromModel } from './answer-model.js';

/** The collection that tests are about. */
export const CollectionId = 'team';

type EngineOptions = LocalRekognitionOptions & {
  /** Keeps the records, where the test can look into them. */
  store?: Store;
};

/** The constructor as its implementation has it: a store is not public yet. */
const EngineOn = LocalRekognition as new (
  options: LocalRekognitionOptions,
  store?: Store,
) => LocalRekognition;

/** A local engine that sees declared faces, and a client whose every answer is held against the service's model. */
export function anEngine({ store, ...options }: EngineOptions = {}) {
  const vision = declaredFaces();
  const client = new EngineOn({ vision, ...options }, store);

  const send = async <Output>(command: ServiceCommand<Output>, signal?: AbortSignal): Promise<Output> => {
    const answer = await client.send(command, signal ? { abortSignal: signal } : {});
    const { $metadata, ...members } = answer as Output & { $metadata: object };
    const operation = command.constructor.name.replace(/Command$/, '') as OperationName;
    expect(departuresFromModel(operation, members)).toEqual([]);
    expect($metadata).toMatchObject({ httpStatusCode: 200, requestId: expect.any(String) });
    return answer;
  };
  return { vision, client, send };
}

/** An engine with an empty collection, and short ways to fill it. */
export async function aCollection(options?: EngineOptions) {
  const engine = anEngine(options);
  const { vision, send } = engine;
  await send(new CreateCollectionCommand({ CollectionId }));

  /** Indexes one photo of these faces, and answers the ids they were given. */
  const index = async (faces: readonly DeclaredFace[], request: Partial<IndexFacesRequest> = {}) => {
    const Image = { Bytes: await vision.photo(faces, { width: 480, height: 360 }) };
    const { FaceRecords } = await send(new IndexFacesCommand({ CollectionId, Image, ...request }));
    return FaceRecords!.map(({ Face }) => Face!.FaceId!);
  };

  /** Creates a user of these faces, each from a photo of its own. */
  const enroll = async (UserId: string, faces: readonly DeclaredFace[]) => {
    await send(new CreateUserCommand({ CollectionId, UserId }));
    const FaceIds = (await Promise.all(faces.map((face) => index([face])))).flat();
    if (FaceIds.length > 0)
      await send(new AssociateFacesCommand({ CollectionId, UserId, FaceIds, UserMatchThreshold: 0 }));
    return FaceIds;
  };

  return { ...engine, index, enroll };
}

/** What the service refuses a request with: the exception's name, and a part of its message. */
export function refusedWith(name: string, message: string | RegExp = '') {
  return expect.objectContaining({ name, message: expect.stringMatching(asPattern(message)) });
}

function asPattern(message: string | RegExp): RegExp {
  return message instanceof RegExp ? message : new RegExp(message.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
}
