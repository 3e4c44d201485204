/*
 * Measures how well unknown faces are grouped into people, on labelled photos, and how fast, beside the DBSCAN of
 * density-clustering.
 *
 *     npm run bench -- groups ../shared/faces
 *
 * The folder is laid out as that of `npm run accuracy`. Of all pairs of labelled faces: precision is the part of those put
 * together that are one person's, recall the part of those of one person that are put together. Faces that are set aside as
 * too poor are together with nobody. Of a portrait the largest face has the label; others take part without one.
 * Without a folder, only the time is measured. Fails when a target is missed.
 */
import { randomUUID } from 'node:crypto';
import { DBSCAN } from 'density-clustering';
import pLimit from 'p-limit';
import { FaceCollection, type FaceGroups, type ImageSource, type PhotoFace } from 'rekollect';
import { LocalRekognition, type LocalRekognitionOptions } from 'rekollect/local';
import { findAlikeFaces, UNITS } from '../src/face-grouping/alike-faces.js';
import { averageLinkage } from '../src/face-grouping/average-linkage.js';
import { DEFAULTS } from '../src/limits.js';
import { ChangingRecords } from '../src/local/records/changing-records.js';
import { distance } from '../src/local/search/distances.js';
import { MemoryStore } from '../src/local/store/memory.js';
import type { Store } from '../src/local/store/store.js';
import { MOBILE_FACE_NET_SCALE, similarityOn } from '../src/local/vision/embed/similarity-scale.js';
import type { VectorSpace } from '../src/local/vision/vision.js';
import { type LabelledPhoto, readLabelledPhotos, readPhoto } from './accuracy/labelled-photos.js';
import { type Figure, holds, toTable } from './figures.js';
import { MadeUpFaces } from './vectors/made-up-faces.js';

const FACES = 5000;
const FACES_PER_PERSON = 3;
/** For the peer: where a similarity of 99 lies, at which strangers do not chain everybody together. */
const NEAR = 0.34;
/** Pairs below the default threshold that are listed, as `groupFaces` has it. */
const LOWEST = DEFAULTS.groupingThreshold - 10;

/** How well labelled faces are grouped. */
function ratesOf(labels: readonly string[], groups: readonly (readonly number[])[]) {
  const groupOf = new Map(groups.flatMap((members, group) => members.map((face) => [face, group])));
  let together = 0;
  let ofOnePerson = 0;
  let both = 0;
  for (const [one, label] of labels.entries())
    for (let other = one + 1; other < labels.length; other++) {
      const isTogether = groupOf.get(one) !== undefined && groupOf.get(one) === groupOf.get(other);
      const isSame = label === labels[other];
      if (isTogether) together += 1;
      if (isSame) ofOnePerson += 1;
      if (isTogether && isSame) both += 1;
    }
  return { precision: both / together, recall: both / ofOnePerson };
}

async function onLabelledPhotos(directory: string): Promise<Figure[]> {
  const photos = await readLabelledPhotos(directory);
  const labelled = new Map<ImageSource, LabelledPhoto>();
  for (const photo of photos) labelled.set({ name: photo.path, read: () => readPhoto(photo.path) }, photo);
  const client = new LocalRekognition();
  const album = new FaceCollection('album', { client });
  await album.create();
  const found = await album.groupFaces(labelled.keys(), { faces: 'all' });
  await client.close();
  const { labels, groups } = toLabels(found, labelled);
  const { precision, recall } = ratesOf(labels, groups);
  console.log(
    `${photos.length} photos, ${labels.length} labelled faces: ${found.groups.length} groups, ` +
      `${found.singles.length} singles, ${found.ungrouped.length} set aside, ${found.failed.length} photos failed.`,
  );
  console.log(`Of pairs, precision is ${precision.toFixed(4)} and recall ${recall.toFixed(4)}.`);
  return [
    { name: 'pairs put together wrongly', ours: 100 * (1 - precision), unit: '%', target: { atMost: 2 } },
    { name: 'pairs of one person not together', ours: 100 * (1 - recall), unit: '%', target: { atMost: 10 } },
  ];
}

/** The labels of the faces that have one, and which of these are in one group. */
function toLabels(found: FaceGroups, labelled: ReadonlyMap<ImageSource, LabelledPhoto>) {
  const largest = new Map<ImageSource, PhotoFace>();
  const areaOf = ({ face: { boundingBox } }: PhotoFace) => boundingBox.width * boundingBox.height;
  const grouped = found.groups.map(({ faces }) => faces);
  for (const face of [...grouped.flat(), ...found.singles, ...found.ungrouped]) {
    const before = largest.get(face.photo);
    if (!before || areaOf(before) < areaOf(face)) largest.set(face.photo, face);
  }
  const labels: string[] = [];
  const add = (face: PhotoFace): number[] => {
    const { person, isOfStrangers } = labelled.get(face.photo)!;
    const isLabelled = isOfStrangers || (person !== undefined && largest.get(face.photo) === face);
    return isLabelled ? [labels.push(person ?? `stranger ${labels.length}`) - 1] : [];
  };
  const groups = grouped.map((faces) => faces.flatMap(add));
  for (const face of [...found.singles, ...found.ungrouped]) add(face);
  return { labels, groups };
}

/** The constructor as its implementation has it: a store is not public. */
const EngineOn = LocalRekognition as new (options: LocalRekognitionOptions, store: Store) => LocalRekognition;

async function onMadeUpFaces(): Promise<Figure[]> {
  const space: VectorSpace = {
    version: 'made up',
    length: 192,
    metric: 'cosine',
    similarity: (distance) => similarityOn(MOBILE_FACE_NET_SCALE, distance),
  };
  const madeUp = new MadeUpFaces(192);
  const vectors = Array.from({ length: FACES }, (_, n) => madeUp.make(n));
  const labels = vectors.map((_, n) => `${Math.floor(n / FACES_PER_PERSON)}`);
  const store = new MemoryStore();
  const box = { left: 0.25, top: 0.25, width: 0.5, height: 0.5 };
  const stored = vectors.map((front) => ({
    faceId: randomUUID(),
    imageId: randomUUID(),
    boundingBox: box,
    confidence: 99.9,
    vectors: { front },
  }));
  await store.write((transaction) => {
    const records = new ChangingRecords(transaction);
    records.addCollection('many', 0, {});
    records.addFaces('many', stored, { front: space });
  });
  const client = new EngineOn({ vision: { space, analyze: async () => [], close: async () => {} } }, store);

  const ours = await secondsOf(async () => {
    const faces = stored.map(({ faceId }, photoNumber) => ({ faceId, photoNumber }));
    const scope = { client, collectionId: 'many' };
    const options = { limit: pLimit(DEFAULTS.bulkConcurrency), onFace: () => {}, signal: undefined };
    const alike = await findAlikeFaces(scope, faces, LOWEST, options);
    return averageLinkage(alike, DEFAULTS.groupingThreshold * UNITS);
  });
  const peer = await secondsOf(async () =>
    new DBSCAN().run(vectors, NEAR, 2, (a, b) => distance('cosine', a, b)),
  );
  await client.close();
  const oursRates = ratesOf(labels, ours.groups);
  const peerRates = ratesOf(labels, peer.groups);
  const rate = (name: 'precision' | 'recall'): Figure => ({
    name: `${name} of pairs, ${FACES} made-up faces`,
    ours: 100 * oursRates[name],
    peer: 100 * peerRates[name],
    unit: '%',
  });
  return [
    {
      name: `${FACES} made-up faces grouped, CPU time`,
      ours: ours.seconds,
      peer: peer.seconds,
      unit: 's',
      ratio: peer.seconds / ours.seconds,
      target: { atMost: 5 },
    },
    rate('precision'),
    rate('recall'),
  ];
}

async function secondsOf(group: () => Promise<number[][]>) {
  const before = process.cpuUsage();
  const groups = await group();
  const { user, system } = process.cpuUsage(before);
  return { groups, seconds: (user + system) / 1e6 };
}

const directory = process.argv[3];
const figures = directory === undefined ? [] : await onLabelledPhotos(directory);
figures.push(...(await onMadeUpFaces()));
console.log(`The peer is the DBSCAN of density-clustering.\n\n${toTable(figures)}`);
process.exitCode = figures.some((figure) => holds(figure) === false) ? 1 : 0;
