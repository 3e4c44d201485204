import { RekognitionClient } from '@aws-sdk/client-rekognition';
import type * as Local from 'rekollect/local';
import { afterEach, vi } from 'vitest';
import { serve } from '../../src/server/index.js';
import type { ServiceCommand } from '../../src/service/client.js';
import { credentials } from '../support/served.js';

/** What has to be closed once the test that opened it is over. */
const { opened } = vi.hoisted(() => ({ opened: [] as (() => unknown)[] }));

// The engine's own sentences, with the SDK, HTTP and signatures between the test and the engine.
vi.mock('rekollect/local', async (original) => {
  const local = await original<typeof Local>();
  class OverHttp extends local.LocalRekognition {
    #client: Promise<RekognitionClient> | undefined;

    override async send<Output>(command: ServiceCommand<Output>, options = {}): Promise<Output> {
      this.#client ??= this.#connect();
      return (await this.#client).send(command as never, options) as Output;
    }

    async #connect() {
      const server = await serve({ client: this, port: 0, credentials });
      const settings = { endpoint: server.url, region: 'eu-central-1', credentials, maxAttempts: 1 };
      const client = new RekognitionClient(settings);
      opened.push(() => client.destroy(), server.close);
      return client;
    }
  }
  return { ...local, LocalRekognition: OverHttp };
});

afterEach(async () => {
  await Promise.all(opened.splice(0).map((close) => close()));
});

await import('../local/associations.test.js');
await import('../local/collections.test.js');
await import('../local/faces.test.js');
await import('../local/pagination.test.js');
await import('../local/searches.test.js');
await import('../local/users.test.js');
await import('../local/validation.test.js');
