import type { Reason } from '@aws-sdk/client-rekognition';
import type { QualityFilter } from '../../types.js';
import type { AnalyzedFace } from '../vision/vision.js';

/** What a face must at least be like to pass. */
interface Bar {
  /** That it is a face, 0 to 100. */
  confidence: number;
  /** How far it may be turned to a side, and up or down: degrees. */
  yaw: number;
  pitch: number;
  /** 0 to 100. */
  brightness: number;
  sharpness: number;
  /** Width and height of its box in pixels. */
  size: number;
  /** How good its vector is to recognise somebody by, 0 to 1. */
  vectorQuality: number;
}

/**
 * The bars behind each filter. Rekognition has never published its own, only that LOW sets aside the worst faces
 * and HIGH keeps the best; these are ours, set by looking at what the models here measure on portraits, groups,
 * profiles, blurred and tiny faces. LOW stops what cannot be recognised at all: a face in profile has no vector to
 * rely on, and below 24 pixels there is next to nothing to see. It also stops what is no person: of 225 faces of people none has
 * a confidence below 82, and most animals and masks that are taken for faces have less than 80. MEDIUM keeps to about what the developer guide
 * advises for enrolment: turned aside by no more than 45 degrees, up or down by no more than 30 to 45.
 */
const LOW: Bar = {
  confidence: 80,
  yaw: 60,
  pitch: 50,
  brightness: 15,
  sharpness: 10,
  size: 24,
  vectorQuality: 0.2,
};
const MEDIUM: Bar = {
  confidence: 88,
  yaw: 45,
  pitch: 40,
  brightness: 22,
  sharpness: 25,
  size: 40,
  vectorQuality: 0.4,
};
const HIGH: Bar = {
  confidence: 95,
  yaw: 30,
  pitch: 30,
  brightness: 30,
  sharpness: 40,
  size: 60,
  vectorQuality: 0.6,
};

/** AUTO is LOW: a usable face that was refused is lost, and a doubtful one is still measured by AssociateFaces. */
const BARS: Readonly<Record<QualityFilter, Bar | undefined>> = {
  NONE: undefined,
  AUTO: LOW,
  LOW,
  MEDIUM,
  HIGH,
};

/** Why a face does not pass a filter; nothing when it does. What was not measured does not count against it. */
export function qualityReasons({ detail, quality }: AnalyzedFace, filter: QualityFilter): Reason[] {
  const bar = BARS[filter];
  if (!bar) return [];
  const { yaw = 0, pitch = 0 } = detail.pose ?? {};
  const isPoor: [Reason, boolean][] = [
    ['LOW_CONFIDENCE', detail.confidence < bar.confidence],
    ['EXTREME_POSE', Math.abs(yaw) > bar.yaw || Math.abs(pitch) > bar.pitch],
    ['LOW_BRIGHTNESS', quality.brightness < bar.brightness],
    ['LOW_SHARPNESS', quality.sharpness < bar.sharpness],
    ['SMALL_BOUNDING_BOX', Math.min(quality.size.width, quality.size.height) < bar.size],
    ['LOW_FACE_QUALITY', quality.vectorQuality < bar.vectorQuality],
  ];
  return isPoor.filter(([, poor]) => poor).map(([reason]) => reason);
}
