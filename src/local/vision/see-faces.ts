import type { RgbImage } from '../../images/decode.js';
import type { DetectedFace } from '../../types.js';
import { type Alignment, alignFace } from './align.js';
import { readAttributes } from './attributes.js';
import { brighten } from './brighten.js';
import { decodePhoto } from './decode-photo.js';
import type { Descriptors } from './descriptors.js';
import { type DetectedBox, detectFaces, isSameFace, SURE_EVIDENCE, SURE_SCORE } from './detector.js';
import { embed } from './embed.js';
import { faceBox } from './face-box.js';
import { FacePyramid } from './face-pyramid.js';
import type { Nets } from './inference.js';
import { nameLandmarks } from './landmark-names.js';
import { CHIP_SIZE } from './mean-face.js';
import { findMesh, type Mesh } from './mesh.js';
import { area, type PixelBox } from './pixel-box.js';
import { poseOfLandmarks, poseOfMesh } from './pose.js';
import { measureChip } from './quality.js';
import { reliefOf } from './relief.js';
import { distanceToMesh, trustIn } from './trust.js';
import { type QuarterTurns, turnBack, turnImage } from './turned-photo.js';
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

/** How far landmarks may be from those of an average face, in sides of the chip, to vouch for a doubtful box. */
const MAX_DOUBTFUL_RESIDUAL = 0.06;
/** The same for faces that are surely upright: of 697 portraits and faces of strangers 95 % are below. */
const MAX_WELL_SEEN_RESIDUAL = 0.035;

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
  { limitInputPixels, descriptors, mesh: findsMesh }: SeeFacesSettings,
  { vectors, attributes, maxFaces = Number.POSITIVE_INFINITY }: SeeFacesRequest,
): Promise<SeenFace[]> {
  const photo = await decodePhoto(encoded, limitInputPixels);
  const { image: upright, gain } = brighten(photo.image);
  const { image, turns, located } = await locateFaces(nets, upright);
  located.sort((a, b) => area(b.box) - area(a.box));

  const faces: SeenFace[] = [];
  for (const [rank, { box, detected, alignment, pyramid }] of located.entries()) {
    const isDescribed = rank < maxFaces;
    const chip = pyramid.sample(alignment.chip, CHIP_SIZE);
    const mesh = findsMesh ? await findMesh(nets, pyramid, alignment, detected.box) : undefined;
    const embedding =
      vectors && isDescribed
        ? await embed(nets, { pyramid, box: detected.box, alignment }, descriptors)
        : undefined;
    const { brightness, sharpness } = measureChip(chip, gain);
    const face: SeenFace = {
      detail: {
        boundingBox: ratiosOf(box, image),
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
    faces.push(turnBack(face, turns));
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

/**
 * The faces of a photo. Cameras do not always say how they were held: where no face is seen well, the photo is turned
 * too, and the turn that shows more faces well than were seen before is taken.
 */
async function locateFaces(
  nets: Nets,
  upright: RgbImage,
): Promise<{ image: RgbImage; turns: QuarterTurns; located: LocatedFace[] }> {
  let best = {
    image: upright,
    turns: 0 as QuarterTurns,
    located: await locateIn(nets, upright, await detectFaces(nets, upright)),
  };
  if (best.located.some(isSeenWell)) return best;
  for (const turns of [1, 3, 2] as const) {
    const image = await turnImage(upright, turns);
    const found = await locateIn(nets, image, await detectFaces(nets, image, false));
    const located = found.filter((face) => face.detected.score > SURE_SCORE && isSeenWell(face));
    if (located.length > best.located.length) best = { image, turns, located: found };
  }
  return best;
}

function isSeenWell({ alignment }: LocatedFace): boolean {
  return alignment.fit !== undefined && alignment.fit.residual < MAX_WELL_SEEN_RESIDUAL;
}

/** @param boxes the best first: where two of them turn out to lie on one face, the first stays */
async function locateIn(nets: Nets, image: RgbImage, boxes: readonly DetectedBox[]): Promise<LocatedFace[]> {
  const located: LocatedFace[] = [];
  for (const detected of boxes) {
    const face = await locate(nets, image, detected);
    if (isFace(face) && !located.some(({ box }) => isSameFace(box, face.box))) located.push(face);
  }
  return located;
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

function describePose({ fit }: Alignment, mesh: Mesh | undefined): Pick<DetectedFace, 'pose'> {
  if (mesh) return { pose: poseOfMesh(mesh) };
  return fit ? { pose: poseOfLandmarks(fit.landmarks) } : {};
}

function ratiosOf(box: PixelBox, image: RgbImage): DetectedFace['boundingBox'] {
  return {
    left: box.left / image.width,
    top: box.top / image.height,
    width: box.width / image.width,
    height: box.height / image.height,
  };
}
