/**
 * A request that does not get as far as an operation. AWS's framework refuses such requests in front of the service,
 * and says why in an envelope of its own.
 */
export class FrontRefusal extends Error {
  /** The type as clients know it: `SerializationException`. */
  readonly type: string;
  readonly status: 400 | 403 | 404 | 408 | 413 | 431;

  constructor(type: string, message: string, status: FrontRefusal['status'] = 400) {
    super(message);
    this.name = 'FrontRefusal';
    this.type = type;
    this.status = status;
  }
}
