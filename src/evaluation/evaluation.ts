import type { LeftOutFile } from '../enrollment/people.js';
import type { CallCount } from '../service/paced-client.js';

/**
 * How well people are told apart, as searches for photos of known people show it, by single faces and by users. Plain
 * data: `JSON.stringify` keeps all of it.
 */
export interface Evaluation {
  readonly collectionId: string;
  /** When it was made, in ISO 8601. */
  readonly evaluatedAt: string;
  /** The face model that made the collection's vectors. */
  readonly faceModelVersion: string | undefined;
  /** How many the collection holds. */
  readonly collection: { readonly users: number; readonly faces: number };
  readonly probes: {
    readonly photos: number;
    /** Users of the collection of whom there is a photo. */
    readonly people: number;
    /** People who are nobody in the collection. */
    readonly strangers: number;
    /** Photos that were passed over: they are enrolled, and would be found to be like themselves. */
    readonly enrolled: number;
  };
  /** Files that are nobody's photo. */
  readonly leftOut: readonly LeftOutFile[];
  /** Every photo that was searched, by single faces and by users. */
  readonly searches: readonly ProbeSearch[];
  /** Photos that could not be searched: no face, or one too poor, or a failed call. */
  readonly failures: readonly FailedProbe[];
  /** Share of photos with no face, or one too poor to be searched. Absent when there is no photo. */
  readonly failureToAcquireRate?: Estimate;
  readonly faces: Accuracy;
  readonly users: Accuracy;
  /** The same with users of so many faces each, smallest first. Empty unless asked for. */
  readonly byFacesPerUser: readonly {
    readonly facesPerUser: number;
    readonly people: number;
    readonly faces: Accuracy;
    readonly users: Accuracy;
  }[];
  /** Calls that were made, by operation. */
  readonly calls: Readonly<Record<string, CallCount>>;
  readonly seconds: number;
}

/** A photo, and who is in it: a user of the collection or a stranger. */
export interface Probe {
  readonly photoName: string;
  /** Who it is. Absent of a stranger. */
  readonly userId?: string;
  /** Which stranger it is, by the id among the probes. Absent of a user of the collection. */
  readonly stranger?: string;
}

/** A photo that was searched both ways. */
export interface ProbeSearch extends Probe {
  readonly faces: ProbeAnswer;
  readonly users: ProbeAnswer;
}

/** The similarities that a search answered, 0 to 100. */
export interface ProbeAnswer {
  /** To the same person: to the most alike of their faces, or to their user. Absent when they were not answered. */
  readonly own?: number;
  /** The most alike of somebody else. Absent when nobody else was answered. */
  readonly other?: { readonly userId: string; readonly similarity: number };
}

/** A photo that could not be searched. */
export interface FailedProbe extends Probe {
  /** As `UnsearchedReason` names them, or `FAILED` when a call or the photo itself failed. */
  readonly reason: string;
  readonly message: string;
}

/** Figures of one way to search. What cannot be told is absent: nothing here is ever `NaN`. */
export interface Accuracy {
  /** Mean of `own` where it was answered, 0 to 100. Absent when it never was. */
  readonly trueSimilarity?: Estimate;
  /** Mean of `other` where it was answered, 0 to 100. Absent when it never was. */
  readonly falseSimilarity?: Estimate;
  /**
   * The lowest threshold for which everything is known. Above 0 in a collection of more than 500 users or 4,096 faces,
   * of which a search answers no more: nothing is told of lower thresholds.
   */
  readonly knownFrom: number;
  /** At the thresholds that were asked for, lowest first. */
  readonly atThresholds: readonly RatesAtThreshold[];
  /** The same without intervals from 0 to 99 in steps of 0.1 and to 100 in steps of 0.01, where a rate changes. */
  readonly curve: readonly CurvePoint[];
  /** The threshold at which so many searches for strangers name somebody, and what is named rightly there. */
  readonly identification: readonly {
    /** Wanted share of strangers' searches that name somebody, 0 to 1. */
    readonly falsePositiveIdentificationRate: number;
    /** The lowest threshold that keeps to it, 0 to 100. Absent when there are too few strangers to tell. */
    readonly threshold?: number;
    /** Share of people's searches that name the right person first at that threshold, 0 to 1. */
    readonly truePositiveIdentificationRate?: Estimate;
  }[];
}

/** What a threshold lets pass. Rates are shares, 0 to 1; one of which there is no case is absent. */
export interface RatesAtThreshold {
  readonly threshold: number;
  /** Comparisons with the same person, with each of their faces or with their user, that pass. */
  readonly trueMatchRate?: Estimate;
  /** Comparisons with somebody else that pass. */
  readonly falseMatchRate?: Estimate;
  /** Searches for people of the collection that name the right one first. */
  readonly truePositiveIdentificationRate?: Estimate;
  /** Searches for people of the collection that name somebody else first. */
  readonly misidentificationRate?: Estimate;
  /** Searches for strangers that name anybody. */
  readonly falsePositiveIdentificationRate?: Estimate;
}

/** The rates of `RatesAtThreshold` at one threshold, without intervals. */
export type CurvePoint = {
  readonly [rate in keyof RatesAtThreshold]: number;
};

/** A share or a mean, and where 95 of 100 choices of other people would put it. */
export interface Estimate {
  readonly value: number;
  readonly from: number;
  readonly to: number;
}
