/** What is to become of something that has an id, in a chunk of many: nothing, if `now` is missing. */
export interface Edit<Item> {
  readonly chunk: number;
  readonly id: string;
  readonly now?: Item | undefined;
}

/** Items after some edits: changed ones stay in their places, new ones come last. No id is edited twice. */
export function edited<Item extends { readonly id: string }>(
  items: readonly Item[],
  edits: readonly Edit<Item>[],
): Item[] {
  const nowById = new Map(edits.map(({ id, now }) => [id, now]));
  const kept = items.flatMap((item) => {
    if (!nowById.has(item.id)) return item;
    const now = nowById.get(item.id);
    nowById.delete(item.id);
    return now ?? [];
  });
  return [...kept, ...[...nowById.values()].filter((now) => now !== undefined)];
}
