import {
  anyValue,
  checkBoolean,
  checkFunction,
  checkMethods,
  checkOptions,
  type OptionChecks,
} from '../arguments.js';
import type { ServeOptions } from './serve.js';
import type { ServerCredentials } from './signature.js';

const CREDENTIALS: OptionChecks<ServerCredentials> = { accessKeyId: anyValue, secretAccessKey: anyValue };

export const SERVE: OptionChecks<ServeOptions> = {
  client: (argument, value) => checkMethods(argument, value, ['answer'], 'a LocalRekognition'),
  port: anyValue,
  host: anyValue,
  credentials: (argument, value) => checkOptions(value as ServerCredentials, CREDENTIALS, argument),
  cors: checkBoolean,
  log: checkFunction,
  allowedHosts: anyValue,
  requestTimeout: anyValue,
  bytesInFlight: anyValue,
  closeTimeout: anyValue,
};
