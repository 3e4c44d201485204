export { evaluate } from './evaluate.js';
export type {
  Accuracy,
  CurvePoint,
  Estimate,
  Evaluation,
  FailedProbe,
  Probe,
  ProbeAnswer,
  ProbeSearch,
  RatesAtThreshold,
} from './evaluation.js';
export type { EvaluateOptions, PlanEvaluationOptions } from './options.js';
export { type EvaluationPlan, planEvaluation } from './plan.js';
export {
  type Recommendation,
  type RecommendThresholdOptions,
  recommendThreshold,
} from './recommend-threshold.js';
export type { PictureOf } from './report/pictures.js';
export { type ReportOptions, toReport } from './report/report.js';
