/** One way to recognise people, to be measured. `Face` is what it knows of a face. */
export interface MeasuredEngine<Face> {
  readonly name: string;
  /** Whether its similarities are of 0 to 100, and thresholds of 80, 90 and 99 mean something. */
  readonly hasThresholds: boolean;
  /** The faces of each photo, the largest first, in the order of the paths. */
  describe(paths: readonly string[]): Promise<Face[][]>;
  /**
   * Makes a user of each group of faces and searches for other faces.
   *
   * @returns for each face how alike it is to each user. Higher is closer
   */
  compare(users: readonly (readonly Face[])[], faces: readonly Face[]): Promise<Float64Array[]>;
  close?(): Promise<void>;
}
