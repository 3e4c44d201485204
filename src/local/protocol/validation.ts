import { types } from 'node:util';
import { refusal } from './refusals.js';
import type { Shape, StringShape, StructureShape } from './request-shapes.js';

/** A request whose required members are there and whose members hold what their shapes allow. */
export type Checked<Request> = {
  [Member in keyof Request]: Record<never, never> extends Pick<Request, Member>
    ? Request[Member]
    : Exclude<Request[Member], undefined>;
};

/**
 * Checks a request against its shape, and copies what the shape knows of it: members without a value and unknown
 * members are left out, as the SDK and the service do. Bytes are not copied.
 *
 * @throws SerializationException when a member is of the wrong type
 * @throws ValidationException naming every constraint that is not met, in the service's own sentences
 */
export function checkRequest<Request>(shape: StructureShape, input: unknown): Checked<Request> {
  const violations: string[] = [];
  const request = read(shape, input ?? {}, '', violations);
  if (violations.length > 0) {
    const errors = violations.length === 1 ? '1 validation error' : `${violations.length} validation errors`;
    throw refusal('ValidationException', `${errors} detected: ${violations.join('; ')}`);
  }
  return request as Checked<Request>;
}

function read(shape: Shape, value: unknown, path: string, violations: string[]): unknown {
  const violate = (constraint: string) => {
    violations.push(`Value '${shown(value)}' at '${path}' failed to satisfy constraint: ${constraint}`);
  };

  switch (shape.type) {
    case 'string':
      if (typeof value !== 'string') throw wrongType(path, 'a string', value);
      for (const constraint of unmetByString(shape, value)) violate(constraint);
      return value;

    case 'integer':
    case 'float':
      if (typeof value !== 'number' || !Number.isFinite(value)) throw wrongType(path, 'a number', value);
      if (shape.type === 'integer' && !Number.isInteger(value)) throw wrongType(path, 'an integer', value);
      if (shape.min !== undefined && value < shape.min) violate(atLeast('value', shape.min));
      if (shape.max !== undefined && value > shape.max) violate(atMost('value', shape.max));
      return value;

    case 'blob': {
      // The SDK takes a string for text and sends its UTF-8 bytes; base64 given by mistake is refused as no image.
      const bytes = typeof value === 'string' ? new TextEncoder().encode(value) : value;
      if (!types.isUint8Array(bytes)) throw wrongType(path, 'bytes', value);
      for (const constraint of unmetByLength(shape, bytes.length)) violate(constraint);
      return bytes;
    }

    case 'list':
      if (!Array.isArray(value)) throw wrongType(path, 'a list', value);
      for (const constraint of unmetByLength(shape, value.length)) violate(constraint);
      // What is too long is refused already; its items need no look.
      if (shape.max !== undefined && value.length > shape.max) return value;
      return readItems(shape.member, Array.from(value), path, (unmet) =>
        violate(`Member must satisfy constraint: [${unmet}]`),
      );

    case 'map': {
      if (!isObject(value)) throw wrongType(path, 'a map', value);
      const entries = Object.entries(value).filter(([, item]) => item !== undefined && item !== null);
      for (const constraint of unmetByLength(shape, entries.length)) violate(constraint);
      if (shape.max !== undefined && entries.length > shape.max) return value;
      const keys = entries.map(([key]) => key);
      const values = entries.map(([, item]) => item);
      readItems(shape.key, keys, path, (unmet) => violate(`Map keys must satisfy constraint: [${unmet}]`));
      readItems(shape.value, values, path, (unmet) =>
        violate(`Map value must satisfy constraint: [${unmet}]`),
      );
      return Object.fromEntries(entries);
    }

    case 'structure': {
      if (!isObject(value)) throw wrongType(path, 'a structure', value);
      const members: Record<string, unknown> = {};
      for (const [name, member] of Object.entries(shape.members)) {
        const memberPath = path === '' ? lowerCamel(name) : `${path}.${lowerCamel(name)}`;
        const given = value[name];
        if (given !== undefined && given !== null)
          members[name] = read(member, given, memberPath, violations);
        else if (shape.required?.includes(name))
          violations.push(
            `Value null at '${memberPath}' failed to satisfy constraint: Member must not be null`,
          );
      }
      return members;
    }
  }
}

/** Items share one sentence, which names every constraint that some item does not meet. */
function readItems(
  shape: StringShape,
  items: readonly unknown[],
  path: string,
  violate: (unmet: string) => void,
): unknown[] {
  const unmet = new Set<string>();
  for (const item of items) {
    if (item === undefined || item === null) unmet.add('Member must not be null');
    else if (typeof item !== 'string') throw wrongType(path, 'strings only', item);
    else for (const constraint of unmetByString(shape, item)) unmet.add(constraint);
  }
  if (unmet.size > 0) violate([...unmet].join(', '));
  return [...items];
}

function unmetByString(shape: StringShape, value: string): string[] {
  const unmet: string[] = [];
  if (shape.enum && !shape.enum.includes(value))
    unmet.push(`Member must satisfy enum value set: [${shape.enum.join(', ')}]`);
  if (shape.pattern !== undefined && !new RegExp(`^(?:${shape.pattern})$`, 'u').test(value))
    unmet.push(`Member must satisfy regular expression pattern: ${shape.pattern}`);
  return [...unmet, ...unmetByLength(shape, value.length)];
}

function unmetByLength({ min, max }: { min?: number; max?: number }, length: number): string[] {
  return [
    ...(min !== undefined && length < min ? [atLeast('length', min)] : []),
    ...(max !== undefined && length > max ? [atMost('length', max)] : []),
  ];
}

const atLeast = (what: string, bound: number) => `Member must have ${what} greater than or equal to ${bound}`;
const atMost = (what: string, bound: number) => `Member must have ${what} less than or equal to ${bound}`;

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !ArrayBuffer.isView(value);
}

/** The member as the service's sentences spell it: `CollectionId` is `collectionId`, `S3Object` is `s3Object`. */
function lowerCamel(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1);
}

/** AWS's own words for this in Rekognition are not known. Ours name the member, and never show its value. */
function wrongType(path: string, expected: string, value: unknown) {
  const at = path === '' ? 'as the request' : `at '${path}'`;
  return refusal('SerializationException', `Expected ${expected} ${at}, found ${kindOf(value)}.`);
}

function kindOf(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  if (ArrayBuffer.isView(value)) return 'bytes';
  if (typeof value === 'number') return Number.isFinite(value) ? 'a number' : String(value);
  return typeof value === 'object' ? 'a structure' : `a ${typeof value}`;
}

/** A value as the service prints it, which is Java's way, and cut where it would flood a log. */
function shown(value: unknown): string {
  if (value instanceof Uint8Array)
    return `java.nio.HeapByteBuffer[pos=0 lim=${value.length} cap=${value.length}]`;
  const texts = Array.isArray(value) ? value : isObject(value) ? Object.keys(value) : undefined;
  if (!texts) return shortened(String(value));
  const shownTexts = texts
    .slice(0, 20)
    .map((text) => (typeof text === 'string' ? shortened(text) : kindOf(text)));
  return `[${shownTexts.join(', ')}${texts.length > 20 ? ', …' : ''}]`;
}

function shortened(text: string): string {
  return text.length > 300 ? `${text.slice(0, 300)}…` : text;
}
