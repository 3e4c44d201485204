import { createHash, randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { dirname, extname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { ownFile } from '../packages.js';
import type { ServerCredentials } from './signature.js';
import type { Thumbnails } from './thumbnails.js';

/** A file of the page, as it is answered. */
export interface PageFile {
  body: Buffer;
  /** Where that is smaller. */
  compressed?: Buffer;
  headers: Record<string, string>;
}

const CONTENT_TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.json': 'application/json',
  '.jpg': 'image/jpeg',
  '.txt': 'text/plain; charset=utf-8',
};

/** The page runs and loads only what comes with it, talks to this server alone, and is shown in no frame. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' blob:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** A report has its styles and pictures in itself, and no script. */
const REPORT_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox";

/** The page that shows what collections hold. It asks by the same operations as everybody, signed with a key of its own. */
export class Page {
  /** What the page's requests are signed with, until the server ends. */
  readonly credentials: ServerCredentials = {
    accessKeyId: 'page',
    secretAccessKey: randomBytes(24).toString('base64url'),
  };
  readonly #files: ReadonlyMap<string, PageFile>;
  readonly #privatePath: string;
  readonly #report: string | undefined;
  readonly #thumbnails: Thumbnails | undefined;

  constructor({ report, thumbnails }: { report?: string | undefined; thumbnails?: Thumbnails | undefined }) {
    this.#report = report;
    this.#thumbnails = thumbnails;
    // Pictures are loaded by their addresses and not with signed requests, so the address is known to the page alone.
    const key = createHash('sha256').update(`files:${this.credentials.secretAccessKey}`).digest('hex');
    this.#privatePath = `/files/${key}/`;
    const settings = { thumbnails: thumbnails !== undefined, report: report !== undefined };
    this.#files = new Map([
      ...builtFiles(),
      ['/settings.json', pageFile('.json', Buffer.from(JSON.stringify(settings)))],
    ]);
  }

  /** Where the page is opened. What follows the `#` stays in the browser. */
  urlAt(serverUrl: string): string {
    return `${serverUrl}/#token=${this.credentials.secretAccessKey}`;
  }

  /** Whether a request comes from this page, as its browser says: from where the server itself was called. */
  isOrigin({ headers: { origin, host } }: IncomingMessage): boolean {
    return origin !== undefined && URL.canParse(origin) && new URL(origin).host === host;
  }

  /** What stands at a path, if anything does. */
  async read(pathname: string): Promise<PageFile | undefined> {
    if (!pathname.startsWith(this.#privatePath)) return this.#files.get(pathname);
    const path = pathname.slice(this.#privatePath.length);
    if (path === 'report.html') return this.#readReport();
    const [, collectionId, faceId] = /^thumbnails\/([\w.-]+)\.faces\/([\w-]+)\.jpg$/.exec(path) ?? [];
    if (collectionId === undefined || faceId === undefined) return undefined;
    const picture = await this.#thumbnails?.read(collectionId, faceId);
    return picture && pageFile('.jpg', picture, { 'Cache-Control': 'no-store' });
  }

  async #readReport(): Promise<PageFile | undefined> {
    const html = this.#report && (await readFile(this.#report).catch(() => undefined));
    return html
      ? pageFile('.html', html, { 'Cache-Control': 'no-store', 'Content-Security-Policy': REPORT_POLICY })
      : undefined;
  }
}

function builtFiles(): [path: string, file: PageFile][] {
  const folder = dirname(ownFile('dist/ui/index.html'));
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => {
      const path = join(entry.parentPath, entry.name).slice(folder.length).replaceAll('\\', '/');
      // What is in `assets/` has a checksum in its name.
      const lasts = path.startsWith('/assets/') ? 'max-age=31536000, immutable' : 'no-cache';
      const body = readFileSync(join(folder, path));
      const file = pageFile(extname(path), body, { 'Cache-Control': lasts, Vary: 'Accept-Encoding' });
      return [path === '/index.html' ? '/' : path, { ...file, compressed: gzipSync(body) }];
    });
}

function pageFile(extension: string, body: Buffer, headers: Record<string, string> = {}): PageFile {
  return {
    body,
    headers: {
      'Content-Type': CONTENT_TYPES[extension] ?? 'application/octet-stream',
      'Cache-Control': 'no-cache',
      'Content-Security-Policy': POLICY,
      'Cross-Origin-Opener-Policy': 'same-origin',
      'Cross-Origin-Resource-Policy': 'same-origin',
      'Referrer-Policy': 'no-referrer',
      'X-Content-Type-Options': 'nosniff',
      ...headers,
    },
  };
}
