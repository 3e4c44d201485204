import { inspect, isDeepStrictEqual } from 'node:util';
import type { AnswerOf, InputOf, Operation } from './operations.js';

/** A call that a client was sent, and what came of it. */
export interface RecordedCall<Name extends Operation = Operation> {
  readonly operation: Name;
  /** What was asked, in the shapes of `@aws-sdk/client-rekognition`. */
  readonly input: InputOf<Name>;
  /** `pending` until the caller was answered. */
  readonly outcome: 'pending' | 'answered' | 'failed';
  /** What the caller was answered. */
  readonly answer?: AnswerOf<Name>;
  /** What the caller was thrown. */
  readonly error?: unknown;
  /** The faults that happened to it, as they were written. */
  readonly faults: readonly string[];
}

/** A record that is still being written. */
export type OpenCall = {
  -readonly [Member in keyof RecordedCall]: RecordedCall[Member];
} & { faults: string[] };

/** Members that the input of a call must have, and with these values. */
export function fits(call: RecordedCall, members: object): boolean {
  const input = call.input as Record<string, unknown>;
  return Object.entries(members).every(([name, value]) => isDeepStrictEqual(input[name], value));
}

/** One line a call, as a failed assertion prints them. Images are told by their size. */
export function toText(calls: readonly RecordedCall[]): string {
  if (calls.length === 0) return '  (none)';
  const rows = calls.map((call, index) => [`${index + 1}.`, call.operation, inputOf(call), outcomeOf(call)]);
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows.map((row) => `  ${row.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join('  ')}`).join('\n');
}

/** A value on one line, with bytes counted in place of shown. */
export function onOneLine(value: unknown): string {
  return inspect(withoutBytes(value), { breakLength: Number.POSITIVE_INFINITY, compact: true, depth: 4 });
}

function inputOf({ input }: RecordedCall): string {
  // The SDK makes it up, and no reader looks for it.
  const { ClientRequestToken: _, ...shown } = input as { ClientRequestToken?: string };
  return onOneLine(shown);
}

function outcomeOf({ outcome, error, faults }: RecordedCall): string {
  const end = outcome === 'failed' ? (error instanceof Error ? error.name : String(error)) : outcome;
  return faults.length > 0 ? `${end}: ${faults.join(', ')}` : end;
}

function withoutBytes(value: unknown): unknown {
  if (value instanceof Uint8Array) return { [inspect.custom]: () => `<${value.length} bytes>` };
  if (Array.isArray(value)) return value.map(withoutBytes);
  if (Object.prototype.toString.call(value) !== '[object Object]') return value;
  return Object.fromEntries(Object.entries(value as object).map(([name, one]) => [name, withoutBytes(one)]));
}
