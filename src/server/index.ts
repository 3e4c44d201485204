export type { AnsweredCall, AnsweringClient } from './routes.js';
export { type RekognitionServer, serve } from './serve.js';
export type { ServeOptions } from './serve-options.js';
export type { ServerCredentials } from './signature.js';
