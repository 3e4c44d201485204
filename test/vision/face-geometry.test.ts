import { describe, expect, it } from 'vitest';
import { nameLandmarks } from '../../src/local/vision/align/landmark-names.js';
import { CHIP_TEMPLATE } from '../../src/local/vision/align/mean-face.js';
import {
  type Point,
  squareAround,
  transformPoint,
} from '../../src/local/vision/align/similarity-transform.js';
import { mouthGap } from '../../src/local/vision/attributes/attributes.js';
import { poseOfLandmarks } from '../../src/local/vision/attributes/pose.js';
import { boxToAnswer, faceBox } from '../../src/local/vision/detect/face-box.js';

/** The 68 landmarks of an average face on a chip; those that alignment does not go by lie on its edge. */
function averageFace(): Point[] {
  const landmarks = Array.from({ length: 68 }, () => ({ x: 75, y: 0 }));
  CHIP_TEMPLATE.forEach((point, i) => {
    landmarks[i < 28 ? 27 + i : 60 + i - 28] = { ...point };
  });
  return landmarks;
}

const poseOf = (landmarks: readonly Point[]) => poseOfLandmarks(landmarks)!;

const MIRROR_PAIRS = [
  [36, 45],
  [39, 42],
  [31, 35],
  [48, 54],
] as const;

describe('poseOfLandmarks', () => {
  it('sees an average face nearly straight', () => {
    const { roll, yaw, pitch } = poseOf(averageFace());
    expect(Math.abs(roll)).toBeLessThan(3);
    expect(Math.abs(yaw)).toBeLessThan(5);
    expect(Math.abs(pitch)).toBeLessThan(20);
  });

  it('rolls with the picture, clockwise above 0', () => {
    const turn = squareAround({ x: 75, y: 75 }, 150, 30, 150);
    const straight = poseOf(averageFace());
    const turned = poseOf(averageFace().map((point) => transformPoint(turn, point)));
    expect(turned.roll - straight.roll).toBeCloseTo(30);
    expect(turned.yaw).toBeCloseTo(straight.yaw);
    expect(turned.pitch).toBeCloseTo(straight.pitch);
  });

  it('looks to the right of the picture when the nose is there, and to the left in the mirror', () => {
    const face = averageFace();
    for (const nose of [28, 29, 30, 31, 33, 35]) face[nose]!.x += 8;
    const mirrored = face.map(({ x, y }) => ({ x: 150 - x, y }));
    for (const [left, right] of MIRROR_PAIRS)
      [mirrored[left], mirrored[right]] = [mirrored[right]!, mirrored[left]!];
    expect(poseOf(face).yaw).toBeGreaterThan(10);
    expect(poseOf(mirrored).yaw).toBeCloseTo(-poseOf(face).yaw);
  });

  it('looks up when the nose rises', () => {
    const face = averageFace();
    for (const nose of [28, 29, 30]) face[nose]!.y -= 6;
    expect(poseOf(face).pitch).toBeGreaterThan(poseOf(averageFace()).pitch + 5);
  });

  it('cannot be read from landmarks on a line', () => {
    expect(poseOfLandmarks(averageFace().map(({ x }) => ({ x, y: 0 })))).toBeUndefined();
    expect(poseOfLandmarks(averageFace().map(() => ({ x: 5, y: 5 })))).toBeUndefined();
  });
});

describe('faceBox', () => {
  const chip = { a: 1, b: 0, tx: 0, ty: 0 };
  const detected = { left: 1, top: 2, width: 3, height: 4 };

  it('reaches from the forehead to the chin', () => {
    const landmarks = averageFace();
    for (let jaw = 0; jaw < 17; jaw++) landmarks[jaw] = { x: jaw * 9, y: 50 };
    landmarks[8] = { x: 75, y: 140 };
    for (let brow = 17; brow < 27; brow++) landmarks[brow] = { x: 30 + brow, y: 40 };
    for (const lip of [55, 56, 57, 58, 59, 65, 66, 67]) landmarks[lip] = { x: 75, y: 110 };
    const box = faceBox({ chip, fit: { landmarks, residual: 0 } }, detected);
    const browToChin = Math.hypot(75 - 51.5, 140 - 40);
    expect(box.left).toBe(0);
    expect(box.width).toBe(144);
    expect(box.top).toBeCloseTo(40 - 0.43 * browToChin);
    expect(box.top + box.height).toBeCloseTo(140);
  });

  it("is the detector's box when there are no landmarks", () => {
    expect(faceBox({ chip }, detected)).toEqual(detected);
  });

  it('is answered wide enough for a profile, with some room, when there are no landmarks', () => {
    const narrow = boxToAnswer({ chip }, { left: 10, top: 10, width: 20, height: 100 });
    expect(narrow).toEqual({
      left: expect.closeTo(20 - 37.5 - 0.2 * 75),
      top: expect.closeTo(10 - 20),
      width: expect.closeTo(75 * 1.4),
      height: expect.closeTo(140),
    });
  });
});

describe('nameLandmarks', () => {
  const image = { width: 150, height: 300 };

  it('answers five by default, as ratios', () => {
    const named = nameLandmarks(averageFace(), 'main', image);
    expect(named.map(({ type }) => type)).toEqual(['eyeLeft', 'eyeRight', 'mouthLeft', 'mouthRight', 'nose']);
    const nose = named.find(({ type }) => type === 'nose')!;
    expect(nose.x).toBeCloseTo((0.25 + 0.490127) / 1.5);
    expect(nose.y).toBeCloseTo((0.25 + 0.515625) / 3);
  });

  it('answers all 30, each once, what is called left being left in the picture', () => {
    const named = nameLandmarks(averageFace(), 'all', image);
    expect(new Set(named.map(({ type }) => type)).size).toBe(30);
    const x = (type: string) => named.find((landmark) => landmark.type === type)!.x;
    for (const [left, right] of [
      ['eyeLeft', 'eyeRight'],
      ['leftEyeLeft', 'leftEyeRight'],
      ['leftPupil', 'rightPupil'],
      ['noseLeft', 'noseRight'],
      ['mouthLeft', 'mouthRight'],
    ])
      expect(x(left!)).toBeLessThan(x(right!));
  });
});

describe('mouthGap', () => {
  it('is the gap between the lips in ratio to the width of the mouth', () => {
    const landmarks = averageFace();
    landmarks[48] = { x: 50, y: 100 };
    landmarks[54] = { x: 90, y: 100 };
    landmarks[62] = { x: 70, y: 95 };
    landmarks[66] = { x: 70, y: 105 };
    expect(mouthGap(landmarks)).toBe(0.25);
  });
});
