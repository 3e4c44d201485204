/** What becomes of the item of an id in a chunk of many: it is removed if `now` is missing. */
export interface ChunkChange<Item> {
  readonly chunk: number;
  readonly id: string;
  readonly now?: Item | undefined;
}

/** Items after some changes: changed ones stay in their places, new ones come last. No id is changed twice. */
export function changed<Item extends { readonly id: string }>(
  items: readonly Item[],
  changes: readonly ChunkChange<Item>[],
): Item[] {
  const nowById = new Map(changes.map(({ id, now }) => [id, now]));
  const kept = items.flatMap((item) => {
    if (!nowById.has(item.id)) return item;
    const now = nowById.get(item.id);
    nowById.delete(item.id);
    return now ?? [];
  });
  return [...kept, ...[...nowById.values()].filter((now) => now !== undefined)];
}
