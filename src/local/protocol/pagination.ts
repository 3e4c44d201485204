import { createHash } from 'node:crypto';
import { refusal } from './refusals.js';

/** What a page is asked for: how large, and behind which page. */
export interface PageRequest {
  /** What is listed. A token is good for one listing only. */
  readonly listing: readonly unknown[];
  readonly token: string | undefined;
  readonly size: number;
}

export interface Page<Item> {
  readonly items: readonly Item[];
  /** Present when there is more. */
  readonly nextToken?: string;
}

/** Of a token: they check that it is ours, and of this listing. */
const DIGEST_BYTES = 16;

/**
 * Cuts a page out of a listing. The token says behind which id to go on, so that whatever exists all the while is
 * listed once, no matter what is added or removed between the pages. Its digest guards against mix-ups, not
 * against forgers: there is nothing to gain.
 *
 * @param list the items whose ids come behind `after`, in the order of their ids
 * @throws InvalidPaginationTokenException when the token is of another listing, or none of ours
 */
export function cutPage<Item>(
  { listing, token, size }: PageRequest,
  list: (after: string | undefined) => Iterable<Item>,
  idOf: (item: Item) => string,
): Page<Item> {
  const after = token === undefined ? undefined : decodeToken(listing, token);
  const items: Item[] = [];
  for (const item of list(after)) {
    if (items.length === size) return { items, nextToken: encodeToken(listing, idOf(items.at(-1)!)) };
    items.push(item);
  }
  return { items };
}

function encodeToken(listing: readonly unknown[], id: string): string {
  const digest = createHash('sha256')
    .update(JSON.stringify([listing, id]))
    .digest()
    .subarray(0, DIGEST_BYTES);
  // Not base64 for URLs, which may begin with "-": the AWS CLI would take such a token for an option.
  return Buffer.concat([digest, Buffer.from(id)]).toString('base64');
}

function decodeToken(listing: readonly unknown[], token: string): string {
  const id = Buffer.from(token, 'base64').subarray(DIGEST_BYTES).toString();
  if (encodeToken(listing, id) === token) return id;
  throw refusal('InvalidPaginationTokenException', 'Invalid Pagination Token');
}
