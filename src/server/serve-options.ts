import { anyValue, checkBoolean, checkFunction, checkMethods, type OptionChecks } from '../arguments.js';
import type { ServeOptions } from './serve.js';

export const SERVE: OptionChecks<ServeOptions> = {
  client: (argument, value) => checkMethods(argument, value, ['answer'], 'a LocalRekognition'),
  port: anyValue,
  host: anyValue,
  // The SDK notes down in such an object where it is from, and others have more members.
  credentials: anyValue,
  cors: checkBoolean,
  log: checkFunction,
  allowedHosts: anyValue,
  requestTimeout: anyValue,
  bytesInFlight: anyValue,
  closeTimeout: anyValue,
};
