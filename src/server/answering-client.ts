/** Answers operations by their names, and refuses names that it does not know, as `LocalRekognition` does. */
export interface AnsweringClient {
  /** @returns the members of the operation's answer */
  answer(operation: string, input: unknown, signal?: AbortSignal): Promise<object>;
}
