export {
  type DeclaredFace,
  type DeclaredFaces,
  type DeclaredFacesOptions,
  type DeclaredPhotoOptions,
  declaredFaces,
  UndeclaredPhotoError,
} from './declared-faces.js';
export type { Lookalikes } from './declared-vectors.js';
export { keepUpdating, listLate } from './eventual-consistency.js';
export type { Fault, FaultyOperation, Occasion } from './fault.js';
export type { ErrorName } from './fault-errors.js';
export {
  delayAnswer,
  type FailOptions,
  fail,
  type HeldAnswers,
  holdAnswer,
  intercept,
  type LoseAnswerOptions,
  loseAnswer,
  throttle,
} from './faults.js';
export type { AnswerOf, InputOf, Operation, Operations } from './operations.js';
export type { RecordedCall } from './recorded-calls.js';
export { type FaceRejections, type RejectFacesOptions, rejectFaces } from './reject-faces.js';
export { type ExpectedCall, ScriptedClient } from './scripted-client.js';
