import type { ImageSource } from '../images/image-source.js';
import type { Rejection } from '../service/reasons.js';
import type { UnsearchableReason } from '../service/searches.js';
import type { DetectedFace } from '../types.js';

/** A face of a photo. `cropFace(photo, face)` cuts it out. */
export interface PhotoFace {
  photo: ImageSource;
  face: DetectedFace;
}

/** A face that was found to belong to somebody. */
export interface GroupedFace extends PhotoFace {
  /** How alike it is to the others of the group: the mean, 0 to 100. One that is hardly alike counts 0. */
  similarity: number;
}

/** Faces that are most likely one person's. */
export interface FaceGroup {
  /** The one to show: the sharpest and least turned of those that are most like the group. It is among `faces`, too. */
  cover: GroupedFace;
  /** The most typical first: that one is enrolled first. */
  faces: readonly [GroupedFace, GroupedFace, ...GroupedFace[]];
}

/** A face that was left out of the grouping, and why. */
export type UngroupedFace = PhotoFace &
  (
    | ({ status: 'poor' } & Rejection<UnsearchableReason>)
    /** Whether it is somebody of the collection could not be found out. */
    | { status: 'failed'; error: Error }
  );

/** What came of grouping the faces of photos. */
export interface FaceGroups {
  /** The largest first. */
  groups: readonly FaceGroup[];
  /** Faces that are like no other, in the order of the photos. */
  singles: readonly PhotoFace[];
  /** Faces that are too poor to be grouped, or failed. */
  ungrouped: readonly UngroupedFace[];
  /** How many faces were left out because they are users of the collection, or may be two of them. */
  known: number;
  /** Photos that could not be used. */
  failed: readonly { photo: ImageSource; error: Error }[];
}

/** How far it is. There is no total, for the photos are still being listed; once they are, all `faces` are compared. */
export interface GroupingProgress {
  /** Photos that were read, also those that failed. */
  photos: number;
  failed: number;
  /** Faces to be grouped. */
  faces: number;
  /** Faces that are users of the collection. */
  known: number;
  /** How many of the faces were compared with the others. */
  compared: number;
}
