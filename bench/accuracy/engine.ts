/** One way to recognise people, to be measured. */
export interface MeasuredEngine {
  readonly name: string;
  /** The vectors of the faces of each photo, that of the largest face first, in the order of the paths. */
  describe(paths: readonly string[]): Promise<Float32Array[][]>;
  /** Makes a user of some faces: how far another face is from it. */
  distanceFrom(faces: readonly Float32Array[]): (face: Float32Array) => number;
  /** 0 to 100. Not every engine has such a scale. */
  similarity?(distance: number, faces: number): number;
}
