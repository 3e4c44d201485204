import { LIMITS } from '../../limits.js';

/** How much fits. Rekognition's own numbers by default; lower ones let a test meet a limit. */
export interface Quotas {
  /** Collections of the whole engine. Rekognition's number is not published. @default no limit */
  collections: number;
  /** @default 20,000,000 (developer guide, "Guidelines and quotas") */
  facesPerCollection: number;
  /** @default 10,000,000 (developer guide, "Guidelines and quotas") */
  usersPerCollection: number;
  /** @default 100 (developer guide, "Guidelines and quotas") */
  facesPerUser: number;
}

export const DEFAULT_QUOTAS: Quotas = {
  collections: Number.POSITIVE_INFINITY,
  facesPerCollection: 20_000_000,
  usersPerCollection: 10_000_000,
  facesPerUser: LIMITS.facesPerUser,
};
