declare module 'density-clustering' {
  /** Density-based clustering (Ester et al., 1996). */
  export class DBSCAN {
    /** @returns the indexes of each cluster's points; noise is in none */
    run<Point>(
      points: readonly Point[],
      epsilon: number,
      minPoints: number,
      distance: (one: Point, other: Point) => number,
    ): number[][];
  }
}
