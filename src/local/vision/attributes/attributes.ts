import type { DetectedFace } from '../../../types.js';
import { distanceBetween, type Point, squareAroundBox } from '../align/similarity-transform.js';
import { boxAround } from '../detect/face-box.js';
import type { LocatedFace } from '../detect/locate-faces.js';
import type { NetOutputs, Nets } from '../runtime/inference.js';
import { MODELS } from '../runtime/models.js';
import { areEyesOpen } from './eyes.js';
import type { Mesh } from './mesh.js';

export type Attributes = Pick<
  DetectedFace,
  'ageRange' | 'gender' | 'emotions' | 'smile' | 'mouthOpen' | 'eyesOpen'
>;

/** Room around the landmarks, in all, as face-api crops for these nets. */
const PADDING = 0.2;
/**
 * Years on either side of the age that is guessed. The net's author measured a mean error of 4.5 years
 * (github.com/justadudewhohacks/face-api.js, "Age Estimation and Gender Recognition").
 */
const AGE_MARGIN = 7;
/** What the expression net tells apart, in its order, by AWS's names. It knows no CONFUSED. */
const EMOTIONS = ['CALM', 'HAPPY', 'SAD', 'ANGRY', 'FEAR', 'DISGUSTED', 'SURPRISED'];
const HAPPY = EMOTIONS.indexOf('HAPPY');
/** A mouth is open when the gap between the lips is more than this share of the mouth's width. */
const OPEN_MOUTH = 0.2;

/**
 * What the models read from faces. Glasses, beard and occlusion are not among it: no model tells them.
 *
 * @param meshes of the faces, as far as they have one: they tell whether eyes are open
 */
export async function readAttributes(
  nets: Nets,
  faces: readonly LocatedFace[],
  meshes: readonly (Mesh | undefined)[],
): Promise<Attributes[]> {
  const [size] = MODELS.ageGender.input;
  const patches = faces.map(({ pyramid, alignment: { fit }, detected }) => {
    const box = fit ? boxAround(fit.landmarks) : detected.box;
    return pyramid.sample(squareAroundBox(box, 1 + PADDING, size), size);
  });
  const agesAndGenders = await nets.runEach('ageGender', patches);
  const expressions = await nets.runEach('expression', patches);
  const eyesOpen = await areEyesOpen(nets, faces, meshes);
  return faces.map(({ alignment: { fit } }, i) => ({
    ...ageAndGender(agesAndGenders[i]!),
    ...emotions(expressions[i]!),
    ...(fit && { mouthOpen: { value: mouthGap(fit.landmarks) > OPEN_MOUTH } }),
    ...(eyesOpen[i] !== undefined && { eyesOpen: { value: eyesOpen[i] } }),
  }));
}

function ageAndGender({ age, gender }: NetOutputs): Pick<Attributes, 'ageRange' | 'gender'> {
  const years = age![0]!;
  const male = gender![0]!;
  return {
    ageRange: {
      low: Math.max(0, Math.round(years - AGE_MARGIN)),
      high: Math.max(0, Math.round(years + AGE_MARGIN)),
    },
    gender: { value: male > 0.5 ? 'Male' : 'Female', confidence: 100 * Math.max(male, 1 - male) },
  };
}

function emotions({ probabilities }: NetOutputs): Pick<Attributes, 'emotions' | 'smile'> {
  const happy = probabilities![HAPPY]!;
  return {
    emotions: EMOTIONS.map((type, i) => ({ type, confidence: 100 * probabilities![i]! })).sort(
      (a, b) => b.confidence - a.confidence,
    ),
    smile: { value: happy > 0.5, confidence: 100 * Math.max(happy, 1 - happy) },
  };
}

/** Between the inner lips (landmarks 62 and 66), in ratio to the mouth's width (48 to 54). */
export function mouthGap(landmarks: readonly Point[]): number {
  const distance = (a: number, b: number) => distanceBetween(landmarks[a]!, landmarks[b]!);
  return distance(62, 66) / distance(48, 54);
}
