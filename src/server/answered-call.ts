/** One call, as a log has it: no image, no vector, nothing of what a collection holds. */
export interface AnsweredCall {
  /** When it came, as ISO 8601. */
  time: string;
  /** As the client spelled it; absent where the client named none. */
  operation?: string;
  /** The header `x-amzn-RequestId` of the answer. */
  requestId: string;
  /** From the head of the request to the answer. */
  milliseconds: number;
  /** HTTP status. */
  status: number;
  /** `ok`, or the name of the exception. */
  outcome: string;
  /** The cause of the exception, where the answer does not have it: a failure of S3, or of the server itself. */
  detail?: string;
}
