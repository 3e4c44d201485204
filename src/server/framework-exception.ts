/** A request that reaches no operation. AWS's framework, in front of the service, refuses it in an envelope of its own. */
export class FrameworkException extends Error {
  /** The type as clients know it: `SerializationException`. */
  readonly type: string;
  readonly status: 400 | 403 | 404 | 408 | 413 | 431;

  constructor(type: string, message: string, status: FrameworkException['status'] = 400) {
    super(message);
    this.name = 'FrameworkException';
    this.type = type;
    this.status = status;
  }
}
