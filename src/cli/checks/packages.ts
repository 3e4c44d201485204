import { readFileSync } from 'node:fs';
import {
  FACE_API,
  HUMAN,
  installCommand,
  OWN_PACKAGE,
  ownFile,
  pathInPackage,
  RUNTIME_PACKAGES,
} from '../../packages.js';
import type { Check } from './check.js';
import { isMusl } from './machine.js';

const { native, wasm } = RUNTIME_PACKAGES;

/** What else can be done with these, which nothing needs. */
const OPTIONAL = {
  '@aws-sdk/client-s3': 'photos in S3 cannot be listed, cut or downloaded',
  [HUMAN]: 'people in full profile are found and not recognised; its weights have terms of their own',
  'heic-decode': 'photos of iPhones (HEIC) are read only where sharp can',
} as const;

/** What is installed, in which version, and whether that is one this version was made for. */
export function checkPackages(place: 'local' | 'remote'): Check[] {
  const { version, dependencies, peerDependencies } = JSON.parse(
    readFileSync(ownFile('package.json'), 'utf8'),
  ) as { version: string; dependencies: Record<string, string>; peerDependencies: Record<string, string> };
  const ranges: Record<string, string> = { ...dependencies, ...peerDependencies };
  const needed = ['@aws-sdk/client-rekognition', 'sharp', ...(place === 'local' ? [FACE_API, 'lmdb'] : [])];
  const optional = Object.entries(OPTIONAL).filter(([name]) => place === 'local' || name !== HUMAN);
  return [
    { name: OWN_PACKAGE, status: 'ok', message: `${OWN_PACKAGE} ${version}` },
    ...needed.map((name) => checkPackage(name, ranges[name], 'fail', 'it is needed')),
    ...(place === 'local' ? [checkRuntime(ranges)] : []),
    ...optional.map(([name, without]) => checkPackage(name, ranges[name], 'warn', without)),
  ];
}

function checkRuntime(ranges: Record<string, string>): Check {
  const found = [native, wasm].find((name) => versionOf(name) !== undefined);
  const wanted = found ?? (isMusl() || isIntelMac() ? wasm : native);
  return checkPackage(wanted, ranges[wanted], 'fail', 'it runs the face models');
}

function isIntelMac(): boolean {
  return process.platform === 'darwin' && process.arch === 'x64';
}

function checkPackage(
  name: string,
  range: string | undefined,
  ifMissing: 'warn' | 'fail',
  without: string,
): Check {
  const version = versionOf(name);
  const mend = installCommand([name]);
  if (version === undefined)
    return { name, status: ifMissing, message: `${name} is not installed: ${without}`, mend };
  if (range === undefined || isWithin(version, range))
    return { name, status: 'ok', message: `${name} ${version}` };
  return {
    name,
    status: 'warn',
    message: `${name} ${version} was not tried with this version: ${range}`,
    mend,
  };
}

function versionOf(name: string): string | undefined {
  try {
    return JSON.parse(readFileSync(pathInPackage(name, 'package.json'), 'utf8')).version;
  } catch {
    return undefined;
  }
}

/** Whether a version is in a range that begins with a caret, as all of ours do: as new, and compatible. */
function isWithin(version: string, range: string): boolean {
  const [found, least] = [version, range.replace('^', '')].map((text) =>
    text.split(/[.-]/).slice(0, 3).map(Number),
  );
  const leading = least!.findIndex((part) => part > 0);
  const isCompatible = least!.slice(0, leading + 1).every((part, index) => found![index] === part);
  const differing = least!.findIndex((part, index) => found![index] !== part);
  return isCompatible && (differing < 0 || found![differing]! > least![differing]!);
}
