import type { RgbImage } from '../../images/decode.js';
import type { DetectedFace } from '../../types.js';
import type { Alignment } from './align.js';
import { readAttributes } from './attributes.js';
import { decodePhoto } from './decode-photo.js';
import type { Descriptors } from './descriptors.js';
import { embed } from './embed.js';
import { boxToAnswer } from './face-box.js';
import type { Nets } from './inference.js';
import { nameLandmarks } from './landmark-names.js';
import { adjustLevels } from './levels.js';
import { locateFaces } from './locate-faces.js';
import { CHIP_SIZE } from './mean-face.js';
import { findMesh, type Mesh } from './mesh.js';
import { area, type PixelBox } from './pixel-box.js';
import { poseOfLandmarks, poseOfMesh } from './pose.js';
import { measureChip } from './quality.js';
import { distanceToMesh, trustIn } from './trust.js';
import { turnBack } from './turned-photo.js';
import type { SeenFace, VisionRequest } from './vision.js';

/** What to find out; as `VisionRequest`, but for one thread, where nothing can be cancelled. */
export type SeeFacesRequest = Omit<VisionRequest, 'signal'>;

/** How photos are read. */
export interface SeeFacesSettings {
  /** More pixels than this are refused, before they are decoded. */
  limitInputPixels: number;
  descriptors: Descriptors;
  /** Whether to find meshes: the pose is then surer, and eyes are open or not. */
  mesh: boolean;
}

/**
 * A photo in, its faces out, the one with the largest box first. This is the whole pipeline, on the thread that
 * calls it.
 *
 * @throws UnreadableImageError, MissingPackageError
 */
export async function seeFaces(
  nets: Nets,
  encoded: Uint8Array,
  { limitInputPixels, descriptors, mesh: findsMesh }: SeeFacesSettings,
  { vectors, attributes, maxFaces = Number.POSITIVE_INFINITY }: SeeFacesRequest,
): Promise<SeenFace[]> {
  const photo = await decodePhoto(encoded, limitInputPixels);
  const { image: leveled, levels } = adjustLevels(photo.image);
  const { image, turns, found } = await locateFaces(nets, leveled);
  const faces = found
    .map((face) => ({ ...face, answered: boxToAnswer(face.alignment, face.box) }))
    .sort((a, b) => area(b.answered) - area(a.answered));

  const seen: SeenFace[] = [];
  for (const [rank, { box, answered, detected, alignment, pyramid }] of faces.entries()) {
    const isDescribed = rank < maxFaces;
    const chip = pyramid.sample(alignment.chip, CHIP_SIZE);
    const mesh = findsMesh ? await findMesh(nets, pyramid, alignment, detected.box) : undefined;
    const embedding =
      vectors && isDescribed
        ? await embed(nets, { pyramid, box: detected.box, alignment }, descriptors)
        : undefined;
    const { brightness, sharpness } = measureChip(chip, levels);
    const face: SeenFace = {
      detail: {
        boundingBox: ratiosOf(answered, image),
        confidence: detected.score * 100,
        quality: { brightness, sharpness },
        ...(alignment.fit && {
          landmarks: nameLandmarks(alignment.fit.landmarks, attributes ? 'all' : 'main', image),
        }),
        ...describePose(alignment, mesh),
        ...(attributes &&
          isDescribed &&
          (await readAttributes(nets, pyramid, alignment, detected.box, mesh))),
      },
      quality: {
        brightness,
        sharpness,
        trust: trustIn({
          residual: alignment.fit?.residual,
          mirrorDistance: embedding?.mirrorDistance,
          meshDistance: mesh && distanceToMesh(alignment, mesh),
        }),
        size: { width: box.width * photo.shrunkBy, height: box.height * photo.shrunkBy },
      },
      ...(embedding && { vector: embedding.vector }),
    };
    seen.push(turnBack(face, turns));
  }
  return seen;
}

function describePose({ fit }: Alignment, mesh: Mesh | undefined): Pick<DetectedFace, 'pose'> {
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
