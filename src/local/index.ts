export type { LocalRekognitionOptions } from './engine-options.js';
export { LocalRekognition } from './local-rekognition.js';
export { readBuckets } from './photos/bucket-folders.js';
export type { NamedS3Object, ReadS3Object } from './photos/s3-object.js';
export type { ImportedCollection, ImportOptions } from './portable/import-collection.js';
export type { Quotas } from './records/quotas.js';
export { backUpDirectory } from './store/backup.js';
export {
  DamagedDataError,
  DirectoryTakenError,
  DirectoryUnusableError,
  OtherModelsError,
  StoreClosedError,
  UnknownFormatError,
  UnreadableCollectionError,
} from './store/store-errors.js';
export type { FaceVectorModel } from './vision/embed/face-vector-model.js';
export type { OnnxModel } from './vision/embed/onnx-model.js';
export { EngineBusyError, EngineClosedError, EngineCrashedError } from './vision/engine-errors.js';
export { FaceModels, type FaceModelsOptions } from './vision/face-models.js';
export type {
  AnalyzedFace,
  FaceQuality,
  FaceVector,
  VectorSpace,
  Vision,
  VisionRequest,
} from './vision/vision.js';
