import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RekognitionClient } from '@aws-sdk/client-rekognition';
import type { CommandClient } from 'rekollect';
import { LocalRekognition } from 'rekollect/local';
import { serve } from 'rekollect/server';
import { realModels } from '../support/real-models.js';

/** Something that answers Rekognition's commands, started for a test and stopped after it. */
export interface Backend {
  readonly name: string;
  /** Whether it can be had here; what cannot is left out, and its name says why. */
  readonly isAvailable: boolean;
  start(): Promise<{ client: CommandClient; stop(): Promise<void> }>;
}

const memory: Backend = {
  name: 'the local engine in memory',
  isAvailable: true,
  async start() {
    const client = new LocalRekognition({ vision: realModels });
    return { client, stop: () => client.close() };
  },
};

const disk: Backend = {
  name: 'the local engine on disk',
  isAvailable: true,
  async start() {
    const directory = await mkdtemp(join(tmpdir(), 'rekollect-contract-'));
    const client = new LocalRekognition({ vision: realModels, directory: join(directory, 'faces') });
    return {
      client,
      async stop() {
        await client.close();
        await rm(directory, { recursive: true, force: true });
      },
    };
  },
};

const http: Backend = {
  name: 'the local engine over HTTP, with the real RekognitionClient',
  isAvailable: true,
  async start() {
    const engine = new LocalRekognition({ vision: realModels });
    const server = await serve({ client: engine, port: 0 });
    const client = new RekognitionClient({
      endpoint: server.url,
      region: 'us-east-1',
      credentials: { accessKeyId: 'anybody', secretAccessKey: 'anything' },
    });
    return {
      client,
      async stop() {
        client.destroy();
        await server.close();
        await engine.close();
      },
    };
  },
};

const hasCredentials = Boolean(process.env.AWS_ACCESS_KEY_ID || process.env.AWS_PROFILE);

const live: Backend = {
  name: `Amazon Rekognition itself${hasCredentials ? '' : ' (left out: no AWS_ACCESS_KEY_ID or AWS_PROFILE is set)'}`,
  isAvailable: hasCredentials,
  async start() {
    const client = new RekognitionClient({});
    return { client, stop: async () => client.destroy() };
  },
};

export const BACKENDS: readonly Backend[] = [memory, disk, http, live];
