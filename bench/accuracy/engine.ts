/** One way to recognise people, to be measured. `Face` is what it knows of a face. */
export interface MeasuredEngine<Face> {
  readonly name: string;
  /** The faces of each photo, the largest first, in the order of the paths. */
  describe(paths: readonly string[]): Promise<Face[][]>;
  /** Makes a user of some faces: how far another face is from it when it is searched for. */
  distanceFrom(faces: readonly Face[]): (face: Face) => number;
  /** 0 to 100. Not every engine has such a scale. */
  similarity?(distance: number): number;
}
