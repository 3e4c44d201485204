import { createServer, request as forward, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { setTimeout as wait } from 'node:timers/promises';

/** How often a request meets which fault, each from 0 to 1. What is left over passes. */
export interface FaultRates {
  /** Refused as the service refuses what comes too fast. Nothing is done. */
  throttle?: number;
  /** Answered with a 500; half of these after the work was done. */
  failure?: number;
  /** The connection is reset; half of these after the work was done. */
  reset?: number;
  /** The work is done, and the connection is reset in place of the answer. */
  lostAnswer?: number;
  /** Passed on after up to 20 ms. */
  delay?: number;
}

export interface FaultProxy {
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Stands before a server of the service's protocol, and does to requests what networks and busy services do.
 */
export async function faultProxy(
  target: string,
  rates: FaultRates,
  random: () => number,
): Promise<FaultProxy> {
  const server = createServer(async (request, response) => {
    const body = await buffer(request);
    const pass = () => passOn(target, request, body);
    const reset = () => request.socket.resetAndDestroy();
    const faults: Record<keyof FaultRates, () => unknown> = {
      throttle: () => refuse(response, 400, 'ProvisionedThroughputExceededException'),
      failure: async () => {
        if (random() < 0.5) await pass();
        refuse(response, 500, 'InternalServerError');
      },
      reset: async () => {
        if (random() < 0.5) await pass();
        reset();
      },
      lostAnswer: async () => {
        await pass();
        reset();
      },
      delay: async () => {
        await wait(20 * random());
        answer(response, await pass());
      },
    };
    let point = random();
    for (const [fault, rate] of Object.entries(rates) as [keyof FaultRates, number][]) {
      point -= rate;
      if (point < 0) return void (await faults[fault]());
    }
    answer(response, await pass());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

interface PassedOn {
  status: number;
  headers: IncomingMessage['headers'];
  body: Buffer;
}

function passOn(target: string, { method, url, headers }: IncomingMessage, body: Buffer): Promise<PassedOn> {
  return new Promise((resolve, reject) => {
    const passed = forward(new URL(url ?? '/', target), { method, headers }, async (answered) => {
      resolve({
        status: answered.statusCode ?? 500,
        headers: answered.headers,
        body: await buffer(answered),
      });
    });
    passed.once('error', reject).end(body);
  });
}

function answer(response: ServerResponse, { status, headers, body }: PassedOn): void {
  response.writeHead(status, headers).end(body);
}

function refuse(response: ServerResponse, status: number, name: string): void {
  response
    .writeHead(status, { 'content-type': 'application/x-amz-json-1.1' })
    .end(JSON.stringify({ __type: name, Code: name, Message: name }));
}
