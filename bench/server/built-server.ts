import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { createInterface } from 'node:readline';

/** The built `rekollect serve` in a process of its own. */
export interface BuiltServer {
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  /** Lines of its log, and what it wrote on stderr. */
  readonly lines: string[];
  signal(name: NodeJS.Signals): void;
  /** Resolves when it has ended: with 0, another exit code, or the signal that it died of. */
  readonly ended: Promise<number | NodeJS.Signals>;
}

/** @param command the built command; another version's, to compare */
export async function startBuiltServer(
  command: string,
  args: readonly string[] = [],
  env: NodeJS.ProcessEnv = {},
): Promise<BuiltServer> {
  const child = spawn(process.execPath, [command, 'serve', '--port', '0', ...args], {
    env: { ...process.env, AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = new Promise<number | NodeJS.Signals>((resolve) =>
    child.once('exit', (code, signal) => resolve(signal ?? code!)),
  );
  const lines: string[] = [];
  createInterface({ input: child.stderr }).on('line', (line) => lines.push(line));
  const output = createInterface({ input: child.stdout });
  output.on('line', (line) => lines.push(line));
  const stop = () => void child.kill('SIGKILL');
  process.once('exit', stop);
  child.once('exit', () => process.off('exit', stop));
  const [greeting] = await Promise.race([
    once(output, 'line'),
    ended.then((how) => Promise.reject(new Error(`The server ended with ${how}: ${lines.join('\n')}`))),
  ]);
  const url = /http:\/\/\S+$/.exec(greeting)![0];
  const signal = (name: NodeJS.Signals) => void child.kill(name);
  return { url, port: Number(new URL(url).port), pid: child.pid!, lines, signal, ended };
}

/** What a process has in memory now, and the most that it ever had, in MB. On Linux only. */
export async function memoryOf(pid: number): Promise<{ now: number; peak: number }> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  const of = (name: string) => Number(new RegExp(`${name}:\\s+(\\d+) kB`).exec(status)![1]) / 1024;
  return { now: of('VmRSS'), peak: of('VmHWM') };
}

/** A request for an operation, as its bytes on the wire. */
export function rawRequest(
  operation: string,
  body: string | Uint8Array = '{}',
  headers: Readonly<Record<string, string>> = {},
): Buffer {
  const lines = {
    Host: 'localhost',
    'Content-Type': 'application/x-amz-json-1.1',
    'X-Amz-Target': `RekognitionService.${operation}`,
    'Content-Length': String(Buffer.byteLength(body)),
    ...headers,
  };
  const head = Object.entries(lines).map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.concat([Buffer.from(`POST / HTTP/1.1\r\n${head.join('')}\r\n`), Buffer.from(body)]);
}

export interface OpenConnection {
  readonly socket: Socket;
  readonly received: () => string;
  readonly closed: Promise<unknown>;
}

/** A connection, and what has come back over it. Who ends it, and how, is not a matter of errors here. */
export async function openConnection(port: number): Promise<OpenConnection> {
  const socket = connect(port, '127.0.0.1');
  let text = '';
  socket.on('error', () => {});
  socket.on('data', (data) => {
    text += data.toString('latin1');
  });
  const closed = new Promise((resolve) => socket.once('close', resolve));
  await once(socket, 'connect');
  return { socket, received: () => text, closed };
}

/** The statuses of all answers in this text. */
export function statusesIn(text: string): number[] {
  return [...text.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => Number(status));
}
