import { InvalidArgumentError } from '../errors.js';

/** The faces of an answer, or the faces themselves. */
export type ResultOf<Face> = { faces: readonly Face[] } | readonly Face[];

export function facesOf<Face>(result: ResultOf<Face>): readonly Face[] {
  const faces = (result as { faces?: readonly Face[] } | null)?.faces ?? result;
  if (Array.isArray(faces)) return faces;
  throw new InvalidArgumentError('result', result, 'what searchPhoto answers, or an array of faces');
}
