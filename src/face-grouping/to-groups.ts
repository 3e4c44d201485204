import { area } from '../images/bounding-box.js';
import { type StoredFace, UNITS } from './alike-faces.js';
import type { AlikeFaces } from './average-linkage.js';
import type { FaceGroup, FaceGroups, GroupedFace, PhotoFace } from './face-groups.js';

/** A face of a photo that is stored to be grouped. */
export interface IndexedFace extends PhotoFace, StoredFace {}

/** What a face is taken for of which the service says nothing. */
const UNKNOWN_SHARPNESS = 50;

/** The groups as they are answered: the largest first, and those with the most alike faces. */
export function toGroups(
  faces: readonly IndexedFace[],
  alike: readonly AlikeFaces[],
  numbers: readonly (readonly number[])[],
): Pick<FaceGroups, 'groups' | 'singles'> {
  const groups = numbers.flatMap((members): FaceGroup[] => {
    const isMember = new Set(members);
    const grouped = members.map((member) => {
      const { faces: others, similarities } = alike[member]!;
      const sum = others.reduce((sum, other, i) => (isMember.has(other) ? sum + similarities[i]! : sum), 0);
      return { ...faces[member]!, similarity: sum / UNITS / (members.length - 1) };
    });
    grouped.sort((a, b) => b.similarity - a.similarity);
    const [first, second, ...others] = grouped.map(toGroupedFace);
    if (!first || !second) return [];
    return [{ cover: coverOf([first, second, ...others]), faces: [first, second, ...others] }];
  });
  const singles = numbers
    .flatMap(([first = 0, second]) => (second === undefined ? [faces[first]!] : []))
    .sort((a, b) => a.photoNumber - b.photoNumber);
  return {
    groups: groups.sort((a, b) => b.faces.length - a.faces.length || meanOf(b) - meanOf(a)),
    singles: singles.map(({ photo, face }) => ({ photo, face })),
  };
}

/**
 * The face to show for a group: of the half that is most like it, which leaves out strays, the sharpest and least turned,
 * and of two as good the one that fills more of its photo.
 */
function coverOf(faces: readonly [GroupedFace, ...GroupedFace[]]): GroupedFace {
  const { similarity: middle } = faces[Math.ceil(faces.length / 2) - 1]!;
  const typical = faces.filter(({ similarity }) => similarity >= middle);
  return typical.reduce((best, face) => {
    const better = clarity(face) - clarity(best) || area(face.face.boundingBox) - area(best.face.boundingBox);
    return better > 0 ? face : best;
  }, faces[0]);
}

/** 0 to 100: how sharp a face is, less what is hidden by its being turned. */
function clarity({ face: { quality, pose } }: GroupedFace): number {
  const { sharpness = UNKNOWN_SHARPNESS } = quality ?? {};
  const { yaw = 0, pitch = 0 } = pose ?? {};
  return Math.round(sharpness * cosine(yaw) * cosine(pitch));
}

function cosine(degrees: number): number {
  return Math.max(0, Math.cos((degrees * Math.PI) / 180));
}

function toGroupedFace({ photo, face, similarity }: IndexedFace & GroupedFace): GroupedFace {
  return { photo, face, similarity };
}

function meanOf({ faces }: FaceGroup): number {
  return faces.reduce((sum, { similarity }) => sum + similarity, 0) / faces.length;
}
