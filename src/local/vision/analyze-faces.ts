import { area } from '../../images/bounding-box.js';
import type { RgbImage } from '../../images/decode.js';
import type { DetectedFace } from '../../types.js';
import { nameLandmarks } from './align/landmark-names.js';
import { CHIP_SIZE } from './align/mean-face.js';
import { readAttributes } from './attributes/attributes.js';
import { findMeshes, type Mesh } from './attributes/mesh.js';
import { poseOfLandmarks, poseOfMesh } from './attributes/pose.js';
import { measureChip } from './attributes/quality.js';
import { distanceToMesh, vectorQuality } from './attributes/vector-quality.js';
import { boxToAnswer } from './detect/face-box.js';
import { type LocatedFace, locateFaces } from './detect/locate-faces.js';
import { turnBack } from './detect/turned-photo.js';
import type { FaceVectorModel } from './embed/face-vector-model.js';
import { canEmbed, embed } from './embed/face-vectors.js';
import { embedProfiles } from './embed/profile-vectors.js';
import { decodePhoto } from './pixels/decode-photo.js';
import { adjustExposure } from './pixels/exposure.js';
import type { PixelBox } from './pixels/pixel-box.js';
import type { Nets } from './runtime/inference.js';
import type { AnalyzedFace, VisionRequest } from './vision.js';

/** What is the same for every photo. */
export interface AnalysisSettings {
  /** More pixels than this are refused, before they are decoded. */
  limitInputPixels: number;
  model: FaceVectorModel;
  /** Whether to use the nets of `@vladmandic/human`: for meshes, eyes and profiles. */
  human: boolean;
}

/**
 * A photo in, its faces out, the largest first. This is the whole pipeline, on the thread that calls it.
 *
 * @throws UnreadableImageError, MissingPackageError, and the signal's reason, between two steps
 */
export async function analyzeFaces(
  nets: Nets,
  encoded: Uint8Array,
  { limitInputPixels, model, human }: AnalysisSettings,
  { vectors, attributes, maxFaces = Number.POSITIVE_INFINITY, signal }: VisionRequest,
): Promise<AnalyzedFace[]> {
  const photo = await decodePhoto(encoded, limitInputPixels, signal);
  signal?.throwIfAborted();
  const { image: exposed, exposure } = adjustExposure(photo);
  const { image, turns, found } = await locateFaces(nets, exposed);
  signal?.throwIfAborted();
  // By the detector's boxes, which are comparable: those that are answered go by landmarks where there are some.
  const faces = found.sort((a, b) => area(b.detected.box) - area(a.detected.box));
  const described = faces.slice(0, maxFaces);

  const meshes = human ? await findMeshes(nets, faces) : [];
  const frontal = vectors ? described.filter((face) => canEmbed(face, model)) : [];
  const embeddings = byFace(frontal, await embed(nets, frontal, model));
  signal?.throwIfAborted();
  const profiles =
    vectors && human ? described.filter((face) => vectors === 'to-keep' || !embeddings.has(face)) : [];
  const profileVectors = byFace(profiles, await embedProfiles(nets, profiles));
  signal?.throwIfAborted();
  const read = byFace(described, attributes ? await readAttributes(nets, described, meshes) : []);

  return faces.map((face, i) => {
    const { pyramid, alignment, detected, box } = face;
    const mesh = meshes[i];
    const embedding = embeddings.get(face);
    const profileVector = profileVectors.get(face);
    const { brightness, sharpness } = measureChip(pyramid.sample(alignment.chip, CHIP_SIZE), exposure);
    const analyzed: AnalyzedFace = {
      detail: {
        boundingBox: ratiosOf(boxToAnswer(alignment, box), image),
        confidence: detected.score * 100,
        quality: { brightness, sharpness },
        ...(alignment.fit && {
          landmarks: nameLandmarks(alignment.fit.landmarks, attributes ? 'all' : 'main', image),
        }),
        ...describePose(face, mesh),
        ...read.get(face),
      },
      quality: {
        brightness,
        sharpness,
        vectorQuality: vectorQuality({
          residual: alignment.fit?.residual,
          mirrorCosine: embedding?.mirrorCosine,
          norm: embedding?.norm,
          meshDistance: human ? distanceToMesh(alignment, mesh) : undefined,
        }),
        size: { width: box.width * photo.shrunkBy, height: box.height * photo.shrunkBy },
      },
      ...(embedding && { vector: embedding.vector }),
      ...(profileVector && { profileVector }),
    };
    return turnBack(analyzed, turns);
  });
}

/** Results by the face they are of. */
function byFace<Found>(faces: readonly LocatedFace[], found: readonly Found[]): Map<LocatedFace, Found> {
  return new Map(found.map((each, i) => [faces[i]!, each]));
}

function describePose(
  { alignment: { fit } }: LocatedFace,
  mesh: Mesh | undefined,
): Pick<DetectedFace, 'pose'> {
  const pose = mesh ? poseOfMesh(mesh) : fit && poseOfLandmarks(fit.landmarks);
  return pose ? { pose } : {};
}

function ratiosOf(box: PixelBox, image: RgbImage): DetectedFace['boundingBox'] {
  return {
    left: box.left / image.width,
    top: box.top / image.height,
    width: box.width / image.width,
    height: box.height / image.height,
  };
}
