import { RekollectError } from '../../errors.js';

/** The photos that are read or wait for it hold as much memory as they may. Send fewer at a time, or this one later. */
export class EngineBusyError extends RekollectError {
  readonly code = 'ENGINE_BUSY';

  /** @param limit bytes that they may hold */
  constructor(limit: number) {
    super(
      `The photos that wait for the face models hold ${limit} bytes, the most they may. Send fewer at a time.`,
    );
    this.name = 'EngineBusyError';
  }
}

/** The engine, or the face models themselves, were closed. Make new ones. */
export class EngineClosedError extends RekollectError {
  readonly code = 'ENGINE_CLOSED';

  constructor(message = 'The face models were closed, and read no more photos. Make new ones.') {
    super(message);
    this.name = 'EngineClosedError';
  }
}

/** The thread that read this photo died. Others were not touched; if it happens again, it is the photo. */
export class EngineCrashedError extends RekollectError {
  readonly code = 'ENGINE_CRASHED';

  constructor(options?: ErrorOptions) {
    super('The thread that read the photo died. If it happens again, it is the photo.', options);
    this.name = 'EngineCrashedError';
  }
}
