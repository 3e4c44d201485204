/**
 * A command of `@aws-sdk/client-rekognition`. Written by its shape, so that commands of another copy or version of
 * the SDK fit too; `resolveMiddleware` is where the SDK's types keep what a command answers.
 */
export interface ServiceCommand<Output> {
  readonly input: object;
  // biome-ignore lint/suspicious/noExplicitAny: its parameters are the SDK's own affair.
  resolveMiddleware(...internals: any[]): (...call: any[]) => Promise<{ output: Output }>;
}

/**
 * Anything that answers the commands of `@aws-sdk/client-rekognition`: the real `RekognitionClient`, a
 * `LocalRekognition`, a mock, or a fake of your own.
 */
export interface CommandClient {
  send<Output>(command: ServiceCommand<Output>, options?: { abortSignal?: AbortSignal }): Promise<Output>;
}
