import { RekognitionClient } from '@aws-sdk/client-rekognition';
import { FaceCollection, fromBuffer, type ImageSource, IncompleteError } from 'rekollect';
import { LocalRekognition } from 'rekollect/local';
import { serve } from 'rekollect/server';
import { declaredFaces } from 'rekollect/testing';
import { type FaultRates, faultProxy } from './fault-proxy.js';

/** What came of one operation, and every way in which that was not the truth. */
export interface Outcome {
  reported: 'done' | 'error' | 'incomplete';
  untrue: readonly string[];
}

/** @param signal made when the operation begins, which may be given up */
export type Trial = (signal?: () => AbortSignal) => Promise<Outcome>;

/** What a collection holds, as somebody sees it who has no faults in the way. */
interface Contents {
  faces: readonly { faceId: string; externalImageId?: string; userId?: string }[];
  users: readonly string[];
}

const PHOTOS_OF_A_PERSON = 3;
/** Calling again until it is done has an end all the same. */
const MOST_CALLS = 50;

/**
 * A real server on a local engine, a proxy of faults in front of it, and operations of a `FaceCollection`
 * through it. Each is tried in a collection of its own, whose contents are compared with what was reported.
 */
export async function faultTrials(rates: FaultRates, random: () => number, attempts = 1) {
  const vision = declaredFaces();
  const engine = new LocalRekognition({ vision });
  const server = await serve({ client: engine, port: 0 });
  const proxy = await faultProxy(server.url, rates, random);
  const client = new RekognitionClient({
    endpoint: proxy.url,
    region: 'eu-central-1',
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
    maxAttempts: attempts,
  });
  const photosOf = (person: string, count: number): Promise<ImageSource[]> =>
    Promise.all(
      Array.from({ length: count }, async () =>
        fromBuffer(await vision.photo([{ person }], { width: 160, height: 120 })),
      ),
    );
  const photos = await photosOf('ada', PHOTOS_OF_A_PERSON);
  const others = await photosOf('bob', 1);
  let collections = 0;

  /** A collection with bob in it, whom nothing concerns; and the same collection behind the faults. */
  const aTeam = async () => {
    collections += 1;
    const team = new FaceCollection(`team-${collections}`, { client: engine });
    await team.create();
    await team.enrollUser('bob', others);
    return { team, faulty: () => new FaceCollection(team.collectionId, { client }) };
  };

  const enroll: Trial = async (signal) => {
    const { team, faulty } = await aTeam();
    const outcome = await settle(faulty().enrollUser('ada', photos, { signal: signal?.() }));
    const held = await contentsOf(team);
    const untrue = outcome.error
      ? untruths(outcome.error, held)
      : held.faces.filter(({ userId }) => userId === 'ada').length === photos.length
        ? []
        : ['done, and faces are missing'];
    await team.enrollUser('ada', photos);
    const again = await contentsOf(team);
    if (again.faces.length !== photos.length || again.users.length !== 1)
      return { reported: outcome.reported, untrue: [...untrue, 'enrolled again, and not what it should be'] };
    return { reported: outcome.reported, untrue };
  };

  const erase: Trial = async (signal) => {
    const { team, faulty } = await aTeam();
    await team.enrollUser('ada', photos);
    const untrue: string[] = [];
    const first = await settle(faulty().eraseUser('ada', { signal: signal?.() }));
    let last = first;
    for (let calls = 1; last.error && calls < MOST_CALLS; calls++) {
      const held = await contentsOf(team);
      if (last.error instanceof IncompleteError) untrue.push(...untruths(last.error, held));
      // An error that is the service's own says that nothing was done.
      else if (calls === 1 && (held.faces.length < photos.length || held.users.length === 0))
        untrue.push('an error of the service, and part of it was done');
      last = await settle(faulty().eraseUser('ada'));
    }
    const held = await contentsOf(team);
    if (last.error) untrue.push('calling again never completed it');
    else if (held.faces.length > 0) untrue.push('done, and faces are left');
    else if (held.users.length > 0) untrue.push('done, and the user is left');
    if ((await team.listFaces({ userId: 'bob' }).all()).length === 0) untrue.push('bob is gone too');
    return { reported: first.reported, untrue };
  };

  const associate: Trial = async (signal) => {
    const { team, faulty } = await aTeam();
    await team.createUser('ada');
    const faceIds: string[] = [];
    for (const photo of photos)
      faceIds.push(...(await team.indexFaces(photo)).faces.map(({ faceId }) => faceId));
    const ofAda = async () => (await contentsOf(team)).faces.filter(({ userId }) => userId === 'ada');
    const first = await settle(faulty().associate('ada', faceIds, { signal: signal?.() }));
    const untrue: string[] = [];
    const associated = (await ofAda()).map(({ faceId }) => faceId);
    if (!first.error && associated.length < faceIds.length) untrue.push('done, and faces are missing');
    if (first.error instanceof IncompleteError) {
      const { certain, possible } = first.error.leftBehind;
      const named = [...certain.associatedFaceIds, ...possible.associatedFaceIds];
      if (certain.associatedFaceIds.some((faceId) => !associated.includes(faceId)))
        untrue.push('named as certain what is not there');
      if (associated.some((faceId) => !named.includes(faceId)))
        untrue.push('did not name an associated face');
    } else if (first.error && associated.length > 0) untrue.push('an error of the service, and it was done');
    let last = first;
    for (let calls = 1; last.error && calls < MOST_CALLS; calls++)
      last = await settle(faulty().associate('ada', faceIds));
    if ((await ofAda()).length < faceIds.length) untrue.push('calling again never completed it');
    return { reported: first.reported, untrue };
  };

  const remove: Trial = async (signal) => {
    const { team, faulty } = await aTeam();
    await team.enrollUser('ada', photos);
    const faceIds = (await team.listFaces({ userId: 'ada' }).all()).map(({ faceId }) => faceId);
    const attempt = (options = {}) =>
      settle(faulty().deleteFaces(faceIds, { evenIfAssociated: true, ...options }));
    const first = await attempt({ signal: signal?.() });
    const { faces } = await contentsOf(team);
    const untrue: string[] = [];
    if (!first.error && faces.length > 0) untrue.push('done, and faces are left');
    if (first.error instanceof IncompleteError) {
      const { certain, possible } = first.error.leftBehind;
      untrue.push(...untruths(first.error, { faces, users: [] }));
      if ([...certain.faceIds, ...possible.faceIds].length === 0) untrue.push('named nothing');
    } else if (first.error && faces.filter(({ userId }) => userId === 'ada').length < faceIds.length)
      untrue.push('an error of the service, and part of it was done');
    let last = first;
    for (let calls = 1; last.error && calls < MOST_CALLS; calls++) last = await attempt();
    if ((await contentsOf(team)).faces.length > 0) untrue.push('calling again never completed it');
    return { reported: first.reported, untrue };
  };

  return {
    trials: { enroll, erase, associate, 'delete faces': remove },
    close: async () => {
      client.destroy();
      await proxy.close();
      await server.close();
      await engine.close();
    },
  };
}

async function settle(work: Promise<unknown>): Promise<{ reported: Outcome['reported']; error?: unknown }> {
  try {
    await work;
    return { reported: 'done' };
  } catch (error) {
    return { reported: error instanceof IncompleteError ? 'incomplete' : 'error', error };
  }
}

/** Whatever there is besides bob. */
async function contentsOf(team: FaceCollection): Promise<Contents> {
  const faces = (await team.listFaces().all()).filter(({ userId }) => userId !== 'bob');
  const users = (await team.listUsers().all()).map(({ userId }) => userId);
  return { faces, users: users.filter((userId) => userId !== 'bob') };
}

/** What an error did not say of what is there, or said wrongly. */
function untruths(error: unknown, { faces, users }: Contents): string[] {
  if (!(error instanceof IncompleteError)) {
    return [
      ...(faces.length > 0 ? ['an error of the service, and faces are left'] : []),
      ...(users.length > 0 ? ['an error of the service, and the user is left'] : []),
    ];
  }
  const { certain, possible } = error.leftBehind;
  const there = new Set(faces.map(({ faceId }) => faceId));
  const named = new Set([...certain.faceIds, ...possible.faceIds]);
  const images = new Set(possible.externalImageIds);
  return [
    ...(faces.some((face) => !named.has(face.faceId) && !images.has(face.externalImageId ?? ''))
      ? ['did not name a face that is left']
      : []),
    ...(users.length > 0 && !certain.user && !possible.user ? ['did not name the user that is left'] : []),
    ...((certain.user && users.length === 0) || certain.faceIds.some((faceId) => !there.has(faceId))
      ? ['named as certain what is not there']
      : []),
  ];
}
