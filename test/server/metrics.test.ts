import { describe, expect, it } from 'vitest';
import { aServer, credentials } from '../support/served.js';

/** The samples of a scrape, by name and labels. */
async function scrape(url: string): Promise<Record<string, number>> {
  const response = await fetch(`${url}/metrics`);
  expect([response.status, response.headers.get('content-type')]).toEqual([
    200,
    expect.stringContaining('text/plain; version=0.0.4'),
  ]);
  const samples = (await response.text()).split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return Object.fromEntries(
    samples.map((line) => line.split(/ (?=\S+$)/)).map(([key, value]) => [key, Number(value)]),
  );
}

const countOf = (operation: string, outcome: string) =>
  `rekollect_call_duration_seconds_count{operation="${operation}",outcome="${outcome}"}`;

describe('the metrics of a server', () => {
  it('count calls by operation and outcome, and tell of the process', async () => {
    const { server, post } = await aServer({ metrics: true });
    await post('ListCollections');
    await post('ListCollections');
    await post('CreateCollection', { CollectionId: 'team' });
    await post('CreateCollection', { CollectionId: 'team' });
    const samples = await scrape(server.url);
    expect(samples).toMatchObject({
      [countOf('ListCollections', 'ok')]: 2,
      [countOf('CreateCollection', 'ok')]: 1,
      [countOf('CreateCollection', 'ResourceAlreadyExistsException')]: 1,
      rekollect_bytes_in_flight: 0,
    });
    expect(samples.process_resident_memory_bytes).toBeGreaterThan(0);
  });

  it('are not made endless by clients that make up operations', async () => {
    const { server, post } = await aServer({ metrics: true, credentials });
    for (const letter of 'ABCDEFGH') await post(`Nothing${letter}`);
    const samples = await scrape(server.url);
    expect(samples).toMatchObject({ [countOf('other', 'MissingAuthenticationTokenException')]: 8 });
    expect(Object.keys(samples).filter((key) => key.includes('Nothing'))).toEqual([]);
  });

  it('are those of one server each', async () => {
    const [one, another] = [await aServer({ metrics: true }), await aServer({ metrics: true })];
    await one.post('ListCollections');
    expect(await scrape(another.server.url)).not.toHaveProperty([countOf('ListCollections', 'ok')]);
  });

  it('are not there unless asked for', async () => {
    const { server } = await aServer();
    expect((await fetch(`${server.url}/metrics`)).status).toBe(404);
  });
});
