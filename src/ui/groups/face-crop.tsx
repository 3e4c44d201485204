import type { PhotoFace } from '../../face-grouping/face-groups.js';
import { LazyPicture } from '../parts/lazy-picture.js';

/** A face, cut out of its photo. */
export function FaceCrop({ photo, face }: PhotoFace) {
  return <LazyPicture photo={photo} face={face} alt={`Face of ${photo.name}`} />;
}

/** Two photos may have one name. */
const keys = new WeakMap<PhotoFace['face'], number>();
let latestKey = 0;

export function keyOf({ face }: PhotoFace): number {
  const key = keys.get(face) ?? ++latestKey;
  keys.set(face, key);
  return key;
}
