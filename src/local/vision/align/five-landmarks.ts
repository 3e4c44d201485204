import { meanPoint, type Point } from './similarity-transform.js';

/** The middles of the eyes, the tip of the nose and the corners of the mouth, of the 68 landmarks of a face. */
export function fiveLandmarks(landmarks: readonly Point[]): Point[] {
  const middle = (from: number, to: number) => meanPoint(landmarks.slice(from, to));
  return [middle(36, 42), middle(42, 48), landmarks[30]!, landmarks[48]!, landmarks[54]!];
}
