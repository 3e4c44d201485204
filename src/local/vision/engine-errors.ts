import { RekollectError } from '../../errors.js';

/** More photos are waiting than the queue holds. Send fewer at a time, or send this one again later. */
export class EngineBusyError extends RekollectError {
  readonly code = 'ENGINE_BUSY';

  constructor(waiting: number) {
    super(`${waiting} photos are waiting for the face models, the most that may. Send fewer at a time.`);
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
