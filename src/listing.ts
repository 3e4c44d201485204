/** One page, and the token of the next. A page can be empty and still not be the last. */
export interface Page<Item> {
  items: Item[];
  nextToken: string | undefined;
}

/**
 * Everything the service lists, fetched page by page as it is asked for.
 *
 * @example
 * for await (const face of team.listFaces()) console.log(face.faceId);
 * for await (const page of team.listFaces().pages()) await archive(page);
 */
export class Listing<Item> implements AsyncIterable<Item> {
  readonly #fetchPage: (token: string | undefined) => Promise<Page<Item>>;

  constructor(fetchPage: (token: string | undefined) => Promise<Page<Item>>) {
    this.#fetchPage = fetchPage;
  }

  /** The items, one by one. Each iteration lists anew. */
  async *[Symbol.asyncIterator](): AsyncGenerator<Item, void, void> {
    for await (const page of this.pages()) yield* page;
  }

  /**
   * The items, as the service pages them.
   *
   * @throws TypeError when a token comes a second time: the listing would never end
   */
  async *pages(): AsyncGenerator<Item[], void, void> {
    const tokens = new Set<string>();
    let token: string | undefined;
    do {
      const page = await this.#fetchPage(token);
      yield page.items;
      token = page.nextToken;
      if (token && tokens.has(token))
        throw new TypeError(
          `The client answered NextToken ${JSON.stringify(token.slice(0, 80))} twice in a listing.`,
        );
      if (token) tokens.add(token);
    } while (token);
  }

  /** All of them at once. */
  async all(): Promise<Item[]> {
    const items: Item[] = [];
    for await (const page of this.pages()) items.push(...page);
    return items;
  }
}
