import type { Landmark } from '../../../types.js';
import { meanPoint, type Point } from './similarity-transform.js';

/** Five that are always answered. */
const MAIN_LANDMARKS = {
  eyeLeft: [36, 37, 38, 39, 40, 41],
  eyeRight: [42, 43, 44, 45, 46, 47],
  mouthLeft: [48],
  mouthRight: [54],
  nose: [30],
} as const;

/**
 * AWS's 30 names, each with those of the 68 landmarks whose middle it is. In AWS's published answers "left" is what
 * is left in the picture of an upright face. AWS answers the middle of the eye for the pupil too.
 */
const ALL_LANDMARKS = {
  ...MAIN_LANDMARKS,
  leftEyeBrowLeft: [17],
  leftEyeBrowRight: [21],
  leftEyeBrowUp: [19],
  rightEyeBrowLeft: [22],
  rightEyeBrowRight: [26],
  rightEyeBrowUp: [24],
  leftEyeLeft: [36],
  leftEyeRight: [39],
  leftEyeUp: [37, 38],
  leftEyeDown: [40, 41],
  rightEyeLeft: [42],
  rightEyeRight: [45],
  rightEyeUp: [43, 44],
  rightEyeDown: [46, 47],
  noseLeft: [31],
  noseRight: [35],
  mouthUp: [51],
  mouthDown: [57],
  leftPupil: [36, 37, 38, 39, 40, 41],
  rightPupil: [42, 43, 44, 45, 46, 47],
  upperJawlineLeft: [0],
  midJawlineLeft: [4],
  chinBottom: [8],
  midJawlineRight: [12],
  upperJawlineRight: [16],
} as const;

/**
 * Landmarks by AWS's names.
 *
 * @param points the 68 landmarks, in pixels
 * @param which the five main ones, or all 30
 * @param image size of the image that the points are in
 */
export function nameLandmarks(
  points: readonly Point[],
  which: 'main' | 'all',
  image: { width: number; height: number },
): Landmark[] {
  return Object.entries(which === 'all' ? ALL_LANDMARKS : MAIN_LANDMARKS).map(([type, indexes]) => {
    const { x, y } = meanPoint(indexes.map((index) => points[index]!));
    return { type, x: x / image.width, y: y / image.height };
  });
}
