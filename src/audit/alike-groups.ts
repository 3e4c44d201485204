/**
 * Divides ids into groups, so that whoever is alike is in one group: connected components. The largest comes first,
 * of equal ones the one whose first id comes first.
 *
 * @param pairs two ids that are alike; those of which one is not among the ids say nothing
 */
export function alikeGroups(ids: readonly string[], pairs: Iterable<readonly [string, string]>): string[][] {
  const groupOf = new Map(ids.map((id) => [id, [id]]));
  for (const [one, other] of pairs) {
    const [group, joined] = [groupOf.get(one), groupOf.get(other)];
    if (!group || !joined || group === joined) continue;
    group.push(...joined);
    for (const id of joined) groupOf.set(id, group);
  }
  return [...new Set(groupOf.values())].sort((a, b) => b.length - a.length);
}
