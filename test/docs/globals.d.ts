import type { Story } from './story.js';

declare global {
  const {
    client,
    other,
    team,
    party,
    photo,
    found,
    overlay,
    faceIds,
    error,
    archive,
    save,
    database,
    FaceCollection,
    LocalRekognition,
    annotate,
    fromBucket,
    fromBuffer,
    fromFile,
    fromFolder,
    fromS3,
    isRekollectError,
    toUserId,
  }: Story;
}
