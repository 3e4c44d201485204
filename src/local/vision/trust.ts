/** From fully trusted to not at all, for each measure. */
const RESIDUAL = { good: 0.035, bad: 0.1 };
const MIRROR_DISTANCE = { good: 0.2, bad: 0.4 };

/** What was measured of a face that tells whether its vector is a good one. */
export interface TrustSignals {
  /** How far the landmarks are from those of an average face, as a ratio of the chip's side; absent in profile. */
  residual: number | undefined;
  /** Distance between the descriptors of the face and its mirror image; absent when none was computed. */
  mirrorDistance: number | undefined;
}

/** How far a face's vector can be trusted, 0 to 1: the worst of its signals decides. */
export function trustIn({ residual, mirrorDistance = 0 }: TrustSignals): number {
  if (residual === undefined) return 0;
  return Math.min(fall(residual, RESIDUAL), fall(mirrorDistance, MIRROR_DISTANCE));
}

/** 1 up to `good`, 0 from `bad`, and a straight line between. */
function fall(value: number, { good, bad }: { good: number; bad: number }): number {
  return Math.max(0, Math.min(1, (bad - value) / (bad - good)));
}
