export type { AnsweredCall } from './answered-call.js';
export type { AnsweringClient } from './routes.js';
export { type RekognitionServer, serve } from './serve.js';
export type { ServeOptions } from './serve-options.js';
export type { ServerCredentials } from './signature.js';
