import type { DetectedFace } from '../../types.js';
import { type Alignment, alignFace } from './align.js';
import { readAttributes } from './attributes.js';
import { decode } from './decode.js';
import { type DetectedBox, detectFaces } from './detector.js';
import { embed } from './embed.js';
import { faceBox } from './face-box.js';
import { FacePyramid } from './face-pyramid.js';
import type { Nets } from './inference.js';
import { nameLandmarks } from './landmark-names.js';
import { CHIP_SIZE } from './mean-face.js';
import { area, type PixelBox } from './pixel-box.js';
import { measureChip } from './quality.js';
import type { RgbImage } from './rgb-image.js';
import { trustIn } from './trust.js';
import type { SeenFace, VisionRequest } from './vision.js';

/** What to find out; as `VisionRequest`, but for one thread, where nothing can be cancelled. */
export type SeeFacesRequest = Omit<VisionRequest, 'signal'>;

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
  { vectors, attributes, maxFaces = Number.POSITIVE_INFINITY }: SeeFacesRequest,
): Promise<SeenFace[]> {
  const { image, shrunkBy } = await decode(encoded, limitInputPixels);
  const located: LocatedFace[] = [];
  for (const detected of await detectFaces(nets, image)) located.push(await locate(nets, image, detected));
  located.sort((a, b) => area(b.box) - area(a.box));

  const faces: SeenFace[] = [];
  for (const [rank, face] of located.entries()) {
    const isDescribed = rank < maxFaces;
    const chip = face.pyramid.sample(face.alignment.chip, CHIP_SIZE);
    const embedding = vectors && isDescribed ? await embed(nets, chip) : undefined;
    const read =
      attributes && isDescribed ? await readAttributes(nets, face.pyramid, face.alignment.landmarks) : {};
    const { brightness, sharpness } = measureChip(chip);
    const { landmarks, residual, isTrusted } = face.alignment;
    faces.push({
      detail: {
        boundingBox: ratiosOf(face.box, image),
        confidence: face.score * 100,
        landmarks: nameLandmarks(landmarks, attributes ? 'all' : 'main', image),
        quality: { brightness, sharpness },
        ...read,
      },
      quality: {
        brightness,
        sharpness,
        trust: trustIn({ isAligned: isTrusted, residual, mirrorDistance: embedding?.mirrorDistance }),
        size: { width: face.box.width * shrunkBy, height: face.box.height * shrunkBy },
      },
      ...(embedding && { vector: embedding.vector }),
    });
  }
  return faces;
}

interface LocatedFace {
  box: PixelBox;
  score: number;
  pyramid: FacePyramid;
  alignment: Alignment;
}

async function locate(nets: Nets, image: RgbImage, { box, score }: DetectedBox): Promise<LocatedFace> {
  const pyramid = new FacePyramid(image, box);
  const alignment = await alignFace(nets, pyramid, box);
  return { box: faceBox(alignment, box), score, pyramid, alignment };
}

function ratiosOf(box: PixelBox, image: RgbImage): DetectedFace['boundingBox'] {
  return {
    left: box.left / image.width,
    top: box.top / image.height,
    width: box.width / image.width,
    height: box.height / image.height,
  };
}
