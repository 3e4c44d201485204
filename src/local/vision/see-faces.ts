import type { RgbImage } from '../../images/decode.js';
import type { DetectedFace } from '../../types.js';
import { type Alignment, alignFace } from './align.js';
import { readAttributes } from './attributes.js';
import { brighten } from './brighten.js';
import { decodePhoto } from './decode-photo.js';
import type { Descriptors } from './descriptors.js';
import { type DetectedBox, detectFaces, SURE_EVIDENCE, SURE_SCORE } from './detector.js';
import { embed } from './embed.js';
import { faceBox } from './face-box.js';
import { FacePyramid } from './face-pyramid.js';
import type { Nets } from './inference.js';
import { nameLandmarks } from './landmark-names.js';
import { CHIP_SIZE } from './mean-face.js';
import { area, type PixelBox } from './pixel-box.js';
import { poseOf } from './pose.js';
import { measureChip } from './quality.js';
import { reliefOf } from './relief.js';
import type { Point } from './similarity-transform.js';
import { trustIn } from './trust.js';
import type { SeenFace, VisionRequest } from './vision.js';

/** What to find out; as `VisionRequest`, but for one thread, where nothing can be cancelled. */
export type SeeFacesRequest = Omit<VisionRequest, 'signal'>;

/** How far landmarks may be from those of an average face, in sides of the chip, to vouch for a doubtful box. */
const MAX_DOUBTFUL_RESIDUAL = 0.06;

/**
 * With less relief there is nothing to see: the detector takes smooth gradients, of less than 1, for faces. Faces
 * blurred by 15 pixels still have 19, and others from 100 to several thousand.
 */
const MIN_RELIEF = 4;

/**
 * A photo in, its faces out, the one with the largest box first. This is the whole pipeline, on the thread that
 * calls it.
 *
 * @throws UnreadableImageError, MissingPackageError
 */
export async function seeFaces(
  nets: Nets,
  encoded: Uint8Array,
  limitInputPixels: number,
  descriptors: Descriptors,
  { vectors, attributes, maxFaces = Number.POSITIVE_INFINITY }: SeeFacesRequest,
): Promise<SeenFace[]> {
  const photo = await decodePhoto(encoded, limitInputPixels);
  const { image, gain } = brighten(photo.image);
  const located: LocatedFace[] = [];
  for (const detected of await detectFaces(nets, image)) {
    const face = await locate(nets, image, detected);
    if (isFace(face)) located.push(face);
  }
  located.sort((a, b) => area(b.box) - area(a.box));

  const faces: SeenFace[] = [];
  for (const [rank, { box, detected, alignment, pyramid }] of located.entries()) {
    const isDescribed = rank < maxFaces;
    const chip = pyramid.sample(alignment.chip, CHIP_SIZE);
    const embedding =
      vectors && isDescribed
        ? await embed(nets, { pyramid, box: detected.box, alignment }, descriptors)
        : undefined;
    const { brightness, sharpness } = measureChip(chip, gain);
    faces.push({
      detail: {
        boundingBox: ratiosOf(box, image),
        confidence: detected.score * 100,
        quality: { brightness, sharpness },
        ...(alignment.fit && describeLandmarks(alignment.fit.landmarks, attributes, image)),
        ...(attributes && isDescribed && (await readAttributes(nets, pyramid, alignment, detected.box))),
      },
      quality: {
        brightness,
        sharpness,
        trust: trustIn({ residual: alignment.fit?.residual, mirrorDistance: embedding?.mirrorDistance }),
        size: { width: box.width * photo.shrunkBy, height: box.height * photo.shrunkBy },
      },
      ...(embedding && { vector: embedding.vector }),
    });
  }
  return faces;
}

interface LocatedFace {
  detected: DetectedBox;
  pyramid: FacePyramid;
  alignment: Alignment;
  /** Tighter than the detector's. */
  box: PixelBox;
}

async function locate(nets: Nets, image: RgbImage, detected: DetectedBox): Promise<LocatedFace> {
  const pyramid = new FacePyramid(image, detected.box);
  const alignment = await alignFace(nets, pyramid, detected.box);
  return { detected, pyramid, alignment, box: faceBox(alignment, detected.box) };
}

/**
 * A box that the detector is not sure of needs landmarks that lie as they do in a face, or other looks that saw it
 * too. An even surface is never a face, whatever the nets say.
 */
function isFace({ detected, alignment, pyramid }: LocatedFace): boolean {
  const isSeen =
    detected.score > SURE_SCORE ||
    detected.evidence > SURE_EVIDENCE ||
    (alignment.fit !== undefined && alignment.fit.residual < MAX_DOUBTFUL_RESIDUAL);
  return isSeen && reliefOf(pyramid, detected.box) >= MIN_RELIEF;
}

function describeLandmarks(landmarks: readonly Point[], all: boolean, image: RgbImage) {
  return { landmarks: nameLandmarks(landmarks, all ? 'all' : 'main', image), pose: poseOf(landmarks) };
}

function ratiosOf(box: PixelBox, image: RgbImage): DetectedFace['boundingBox'] {
  return {
    left: box.left / image.width,
    top: box.top / image.height,
    width: box.width / image.width,
    height: box.height / image.height,
  };
}
