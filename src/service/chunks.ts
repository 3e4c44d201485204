/** The distinct items, in their order, in lists of at most `size`. */
export function* chunks<Item>(items: readonly Item[], size: number): Generator<Item[], void, void> {
  const distinct = [...new Set(items)];
  for (let start = 0; start < distinct.length; start += size) yield distinct.slice(start, start + size);
}
