import type { Engine } from '../engine.js';
import type { CollectionRecord } from '../records/records.js';

/** `FaceModelVersion`: the model that made a collection's face vectors, or that will make them. No net is loaded. */
export async function modelVersion({ vision }: Engine, collection?: CollectionRecord): Promise<string> {
  const made = collection && collection.faceCount > 0 ? collection.spaces.front : undefined;
  return (made ?? (await vision()).space).version;
}
