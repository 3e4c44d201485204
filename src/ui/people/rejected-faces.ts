import type { RejectedFace } from '../../service/reasons.js';
import { counted } from '../parts/counted.js';

/** Why faces stay, for the reasons that the service gives. */
const WHY: Record<string, string> = {
  LOW_MATCH_CONFIDENCE: 'too unlike the person',
  FACE_NOT_FOUND: 'not in the collection any more',
  ASSOCIATED_TO_A_DIFFERENT_USER: "somebody else's meanwhile",
  ASSOCIATED_TO_AN_EXISTING_USER: "somebody's meanwhile",
};

/** "2 faces stay as they are: too unlike the person (similarity 61.2, 48)." */
export function inWords(rejected: readonly RejectedFace<string>[]): string {
  const why = new Set(rejected.map(({ reason }) => WHY[reason] ?? reason));
  const similarities = rejected.flatMap(({ similarity }) => similarity?.toFixed(1) ?? []);
  const measured = similarities.length > 0 ? ` (similarity ${similarities.slice(0, 5).join(', ')})` : '';
  return `${counted(rejected.length, 'face stays as it is', 'faces stay as they are')}: ${[...why].join('; ')}${measured}.`;
}
