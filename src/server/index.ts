export type { AnsweredCall } from './answered-call.js';
export type { AnsweringClient } from './answering-client.js';
export { type RekognitionServer, serve } from './serve.js';
export type { ServeOptions, UiOptions } from './serve-options.js';
export type { ServerCredentials } from './signature.js';
