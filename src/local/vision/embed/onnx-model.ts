import { existsSync } from 'node:fs';
import { anyValue, checkCount, checkOptions, type OptionChecks } from '../../../arguments.js';
import { InvalidArgumentError } from '../../../errors.js';

/**
 * A model of your own: a net that turns the picture of a face into a vector, as an ONNX file. Faces are found
 * and aligned as ever, by the nets that ship. All of it is plain data, since it goes to worker threads.
 *
 * @example
 * // As the models of InsightFace want it.
 * const model = {
 *   file: 'models/w600k_r50.onnx',
 *   version: 'w600k-r50-1',
 *   length: 512,
 *   input: { size: 112, layout: 'NCHW', colors: 'RGB', mean: [127.5, 127.5, 127.5], divisor: 127.5 },
 *   alignment: [[38.29, 51.7], [73.53, 51.5], [56.03, 71.74], [41.55, 92.37], [70.73, 92.2]],
 *   metric: 'cosine',
 *   similarity: [{ distance: 0.5, similarity: 99 }, { distance: 0.7, similarity: 80 }, { distance: 1, similarity: 0 }],
 * };
 * const client = new LocalRekognition({ model });
 */
export interface OnnxModel {
  /** The path of the file. The net has one input, of one picture, and its first output is the vector. */
  readonly file: string;
  /**
   * Names the net and all that is said here. It is kept with stored vectors: change it when you change anything, so
   * that vectors which cannot be compared are not.
   */
  readonly version: string;
  /** Numbers of its output. */
  readonly length: number;
  /** What the net takes: a square picture, as 32-bit floats of `(pixel − mean) / divisor`. */
  readonly input: {
    /** Pixels of a side. */
    readonly size: number;
    /** `NCHW` has one plane for each colour, `NHWC` three numbers for each pixel. */
    readonly layout: 'NCHW' | 'NHWC';
    readonly colors: 'RGB' | 'BGR';
    /** Of each colour, in the order of `colors`, 0 to 255. */
    readonly mean: readonly [number, number, number];
    readonly divisor: number;
  };
  /**
   * Where the middles of the eyes, the tip of the nose and the corners of the mouth lie in the picture, as [x, y] in
   * pixels; left before right, as seen in the picture.
   *
   * @default none: the picture is a square around the face, 1.2 times as large as its box
   */
  readonly alignment?: readonly (readonly [x: number, y: number])[];
  /**
   * How vectors are compared: `'cosine'` by their direction alone, and distance is `1 − cosine`, 0 to 2; `'euclidean'`
   * as they come.
   */
  readonly metric: 'cosine' | 'euclidean';
  /**
   * What distances mean: rows of a distance between two vectors and the similarity that it stands for, 0 to 100, with
   * straight lines between. Distances rise from row to row and similarities fall. Distance 0 is 100.
   */
  readonly similarity: readonly { readonly distance: number; readonly similarity: number }[];
}

/** Landmarks of an alignment, in its order. */
const ALIGNMENT_POINTS = 5;

const ONNX_MODEL: OptionChecks<OnnxModel> = {
  file: anyValue,
  version: anyValue,
  length: anyValue,
  input: anyValue,
  alignment: anyValue,
  metric: anyValue,
  similarity: anyValue,
};

/** @throws InvalidArgumentError */
export function checkOnnxModel(value: object): asserts value is OnnxModel {
  checkOptions(value as OnnxModel, ONNX_MODEL, 'options.model');
  const { file, version, length, input, alignment, metric, similarity } = value as Partial<OnnxModel>;
  const check = (isFine: boolean, name: string, found: unknown, expected: string) => {
    if (!isFine) throw new InvalidArgumentError(`options.model.${name}`, found, expected);
  };
  check(typeof file === 'string' && existsSync(file), 'file', file, 'the path of a file');
  check(typeof version === 'string' && version !== '', 'version', version, 'a name for the model');
  checkCount('options.model.length', length);
  checkCount('options.model.input.size', input?.size);
  check(['NCHW', 'NHWC'].includes(input?.layout ?? ''), 'input.layout', input?.layout, "'NCHW' or 'NHWC'");
  check(['RGB', 'BGR'].includes(input?.colors ?? ''), 'input.colors', input?.colors, "'RGB' or 'BGR'");
  check(areNumbers(input?.mean, 3), 'input.mean', input?.mean, 'three numbers');
  check(Number(input?.divisor) > 0, 'input.divisor', input?.divisor, 'a number above 0');
  if (alignment !== undefined) {
    const isFine = isArrayOf(alignment, ALIGNMENT_POINTS, (point) => areNumbers(point, 2));
    check(isFine, 'alignment', alignment, 'five points of two numbers');
  }
  check(metric === 'cosine' || metric === 'euclidean', 'metric', metric, "'cosine' or 'euclidean'");
  check(isScale(similarity), 'similarity', similarity, 'rows of rising distances and falling similarities');
}

function isArrayOf(value: unknown, count: number, isItem: (item: unknown) => boolean): boolean {
  return Array.isArray(value) && value.length === count && value.every(isItem);
}

const areNumbers = (value: unknown, count: number) => isArrayOf(value, count, Number.isFinite);

function isScale(rows: OnnxModel['similarity'] | undefined): boolean {
  if (!Array.isArray(rows) || rows.length === 0) return false;
  return rows.every((row, i) => {
    const { distance, similarity } = row ?? {};
    const before = rows[i - 1] ?? { distance: 0, similarity: 100 };
    const isNext = distance > before.distance && similarity <= before.similarity;
    return Number.isFinite(distance) && isNext && similarity >= 0;
  });
}
