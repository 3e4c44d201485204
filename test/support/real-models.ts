import { FaceModels } from 'rekollect/local';

/** Loaded once for all files that share a process, whose end they do not delay: nobody closes them. */
export const realModels = new FaceModels();
