import { WrongFaceError } from '../errors.js';
import { area, intersection, intersectionOverUnion, photoBox, widen } from '../images/bounding-box.js';
import type { CropOptions, Photo } from '../images/crop.js';
import { type SearchImage, unsearchable } from '../service/searches.js';
import type { BoundingBox } from '../types.js';

/** The service looks for the face again inside the crop, so leave it some hair and chin. */
const CROP_MARGIN = 0.5;
/** A turned or half-hidden face may have to be seen in its surroundings to be found again. */
const WIDE_CROP_MARGIN = 1;
/** A neighbour that shows at least this share of the face's area could be the largest face of the crop. */
const RIVAL_AREA = 0.7;
/** The boxes of one face, found in the photo and in the crop, agree at least so well (intersection over union). */
const SAME_FACE = 0.3;

/**
 * Searches one face of a photo. The service searches the largest face of what it is sent, so the face is cut out
 * with a margin, neighbours that could outgrow it are painted over, and the face that was searched is checked to be
 * the one that was meant. When it was not found again, or another was, a second, wider crop is searched.
 *
 * @throws WrongFaceError when a neighbour was found in place of the face, in the wider crop too
 */
export async function searchInCrops(
  photo: Photo,
  meant: BoundingBox,
  neighbours: readonly BoundingBox[],
  search: SearchImage,
): ReturnType<SearchImage> {
  const crops: readonly CropOptions[] = [
    { margin: CROP_MARGIN, paintOver: rivals(meant, neighbours) },
    { margin: WIDE_CROP_MARGIN, paintOver: neighbours },
  ];
  let wrongFace = false;
  for (const options of crops) {
    const crop = await photo.crop(meant, options);
    const answer = await search({ bytes: crop.bytes });
    if (answer.status === 'unsearchable' && answer.reason === 'NO_FACE') continue;
    const seen = answer.searchedFace ?? answer.unsearchedFaces[0]?.face;
    wrongFace = seen !== undefined && !isMeant(photoBox(crop.region, seen.boundingBox), meant, neighbours);
    if (!wrongFace) return answer;
  }
  if (wrongFace) throw new WrongFaceError('When this face was cut out, a neighbour was found in its place.');
  return unsearchable('NO_FACE');
}

function rivals(meant: BoundingBox, neighbours: readonly BoundingBox[]): BoundingBox[] {
  const region = widen(meant, CROP_MARGIN);
  return neighbours.filter((neighbour) => area(intersection(region, neighbour)) >= RIVAL_AREA * area(meant));
}

function isMeant(seen: BoundingBox, meant: BoundingBox, neighbours: readonly BoundingBox[]): boolean {
  const agreement = intersectionOverUnion(seen, meant);
  return (
    agreement >= SAME_FACE &&
    neighbours.every((neighbour) => intersectionOverUnion(seen, neighbour) <= agreement)
  );
}
