import { OPERATIONS } from '../limits.js';
import { missingPackage } from '../packages.js';
import type { AnsweredCall } from './answered-call.js';

/** What a server counts, for Prometheus. */
export interface Metrics {
  observe(call: AnsweredCall): void;
  read(): Promise<{ text: string; contentType: string }>;
}

/** Seconds, about evenly on a logarithmic scale: reads take a millisecond, photos from fifty to some seconds. */
const BUCKETS = [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30];

/**
 * The duration of calls by operation and outcome, and what prom-client tells of the process: CPU, memory, event loop.
 *
 * @throws MissingPackageError without the package `prom-client`
 */
export async function makeMetrics(bytesInFlight: () => number): Promise<Metrics> {
  const client = await import('prom-client').catch((error: unknown) => {
    throw missingPackage('prom-client', 'The metrics of a server', error);
  });
  const { Registry, Histogram, Gauge, collectDefaultMetrics } = client.default;
  const registry = new Registry();
  const registers = [registry];
  const durations = new Histogram({
    name: 'rekollect_call_duration_seconds',
    help: 'From the head of a request to its answer.',
    labelNames: ['operation', 'outcome'],
    buckets: BUCKETS,
    registers,
  });
  new Gauge({
    name: 'rekollect_bytes_in_flight',
    help: 'Bytes of requests and answers in memory.',
    registers,
    collect() {
      this.set(bytesInFlight());
    },
  });
  collectDefaultMetrics({ register: registry });

  return {
    observe({ operation, outcome, milliseconds }) {
      // Clients may name anything, and each label is kept for ever.
      const label = OPERATIONS.find((known) => known === operation) ?? 'other';
      durations.observe({ operation: label, outcome }, milliseconds / 1000);
    },
    read: async () => ({ text: await registry.metrics(), contentType: registry.contentType }),
  };
}
