import type { SearchOutcome, Unmatched } from '../service/outcomes.js';
import type { Searched, Unsearchable } from '../service/searches.js';
import type { DetectedFace, FaceMatch, UserMatch } from '../types.js';

/** The search of a face came to nothing, for this error. Others are not touched by it. */
export interface Failed {
  status: 'failed';
  error: Error;
}

/** A face of a photo, and everybody who was found to be like it. */
export type FaceAnswer<Match extends FaceMatch | UserMatch = FaceMatch | UserMatch> = {
  face: DetectedFace;
} & (Searched<Match> | Unsearchable | Failed);

/** Why a face of a photo has no match. */
export type UnmatchedReason =
  | 'NOBODY_ALIKE'
  /** With `uniqueUsers`: everybody who is alike went to other faces, which `taken` names. */
  | 'TAKEN_BY_OTHER_FACES';

export interface UnmatchedFace<Match> extends Unmatched<Match> {
  reason: UnmatchedReason;
}

/** A match that a face would have, had its user not gone to another face of the photo. */
export interface TakenMatch<Match extends FaceMatch | UserMatch = FaceMatch | UserMatch> {
  match: Match;
  /** Which face has the user: its index in `faces`. */
  byFace: number;
}

/** What came of searching one face of a photo. */
export type FaceSearch<Match extends FaceMatch | UserMatch = FaceMatch | UserMatch> = {
  face: DetectedFace;
  /** With `uniqueUsers`, what that took from this face: of each user the best match, the most alike first. */
  taken?: readonly [TakenMatch<Match>, ...TakenMatch<Match>[]];
} & (Exclude<SearchOutcome<Match>, Unmatched<Match>> | UnmatchedFace<Match> | Failed);
