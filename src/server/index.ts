export type { AnsweredCall, AnsweringClient } from './routes.js';
export { type RekognitionServer, type ServeOptions, serve } from './serve.js';
export type { ServerCredentials } from './signature.js';
