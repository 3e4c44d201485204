import { type RgbImage, toSharp } from '../../../images/decode.js';
import type { BoundingBox } from '../../../types.js';
import { withinHalfTurn } from '../align/similarity-transform.js';
import type { AnalyzedFace } from '../vision.js';

/** How often a photo was turned by 90 degrees, clockwise. */
export type QuarterTurns = 0 | 1 | 2 | 3;

export async function turnImage(image: RgbImage, turns: QuarterTurns): Promise<RgbImage> {
  const { data, info } = await (await toSharp(image))
    .rotate(turns * 90)
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, data };
}

/** A face of a turned photo, in the photo as it was before. */
export function turnBack(face: AnalyzedFace, turns: QuarterTurns): AnalyzedFace {
  if (turns === 0) return face;
  const { detail, quality } = face;
  const { landmarks, pose } = detail;
  const { width, height } = quality.size;
  return {
    ...face,
    detail: {
      ...detail,
      boundingBox: turnBoxBack(detail.boundingBox, turns),
      ...(landmarks && {
        landmarks: landmarks.map((point) => ({ ...point, ...turnPointBack(point, turns) })),
      }),
      ...(pose && { pose: { ...pose, roll: withinHalfTurn((pose.roll ?? 0) - turns * 90) } }),
    },
    quality: { ...quality, size: turns === 2 ? { width, height } : { width: height, height: width } },
  };
}

function turnPointBack(point: { x: number; y: number }, turns: QuarterTurns): { x: number; y: number } {
  let { x, y } = point;
  for (let turn = 0; turn < turns; turn++) [x, y] = [y, 1 - x];
  return { x, y };
}

function turnBoxBack({ left, top, width, height }: BoundingBox, turns: QuarterTurns): BoundingBox {
  const a = turnPointBack({ x: left, y: top }, turns);
  const b = turnPointBack({ x: left + width, y: top + height }, turns);
  return {
    left: Math.min(a.x, b.x),
    top: Math.min(a.y, b.y),
    width: Math.abs(a.x - b.x),
    height: Math.abs(a.y - b.y),
  };
}
