import type { Point } from './similarity-transform.js';

/** First of the 68 landmarks that the mean shape lists; the 17 before it are the jaw. */
const FIRST = 17;

/**
 * dlib's mean face shape, landmarks 17 to 67, in a square of 1 around brows, eyes, nose and mouth (from
 * `get_face_chip_details` in dlib/image_transforms/interpolation.h, Boost licence).
 */
const MEAN_X = [
  0.000213256, 0.0752622, 0.18113, 0.29077, 0.393397, 0.586856, 0.689483, 0.799124, 0.904991, 0.98004,
  0.490127, 0.490127, 0.490127, 0.490127, 0.36688, 0.426036, 0.490127, 0.554217, 0.613373, 0.121737, 0.187122,
  0.265825, 0.334606, 0.260918, 0.182743, 0.645647, 0.714428, 0.793132, 0.858516, 0.79751, 0.719335, 0.254149,
  0.340985, 0.428858, 0.490127, 0.551395, 0.639268, 0.726104, 0.642159, 0.556721, 0.490127, 0.423532,
  0.338094, 0.290379, 0.428096, 0.490127, 0.552157, 0.689874, 0.553364, 0.490127, 0.42689,
];
const MEAN_Y = [
  0.106454, 0.038915, 0.0187482, 0.0344891, 0.0773906, 0.0773906, 0.0344891, 0.0187482, 0.038915, 0.106454,
  0.203352, 0.307009, 0.409805, 0.515625, 0.587326, 0.609345, 0.628106, 0.609345, 0.587326, 0.216423,
  0.178758, 0.179852, 0.231733, 0.245099, 0.244077, 0.231733, 0.179852, 0.178758, 0.216423, 0.244077,
  0.245099, 0.780233, 0.745405, 0.727388, 0.742578, 0.727388, 0.745405, 0.780233, 0.864805, 0.902192,
  0.909281, 0.902192, 0.864805, 0.784792, 0.778746, 0.785343, 0.778746, 0.784792, 0.824182, 0.831803,
  0.824182,
];

/** Landmarks that hold still: nose, eyes, upper lip. dlib leaves out the jaw, the brows and the lower lip. */
const isStill = (landmark: number) =>
  (landmark >= 27 && landmark <= 54) || (landmark >= 60 && landmark <= 64);

const STILL_LANDMARKS = Array.from({ length: 68 }, (_, landmark) => landmark).filter(isStill);

/** Of 68 landmarks, the ones that alignment goes by. */
export function stillLandmarks(landmarks: readonly Point[]): Point[] {
  return STILL_LANDMARKS.map((landmark) => landmarks[landmark]!);
}

/** Pixels of a side of the chip that the descriptor takes. */
export const CHIP_SIZE = 150;
/** Room around the mean shape, in sides of its square; what dlib's descriptor was trained with. */
const PADDING = 0.25;

/** Where the still landmarks of an average face lie on a chip, in pixels. */
export const CHIP_TEMPLATE: readonly Point[] = STILL_LANDMARKS.map((landmark) => ({
  x: ((PADDING + MEAN_X[landmark - FIRST]!) / (1 + 2 * PADDING)) * CHIP_SIZE,
  y: ((PADDING + MEAN_Y[landmark - FIRST]!) / (1 + 2 * PADDING)) * CHIP_SIZE,
}));
