/** The faces that one face is like: their numbers, and how alike each is. */
export interface AlikeFaces {
  readonly faces: number[];
  /**
   * In whole units, or `-Infinity` of a face that cannot be the same person's. Whole numbers add up to the same in any
   * order: were one group a little nearer to another than that to it, chains could go round.
   */
  readonly similarities: number[];
}

/**
 * Groups faces by agglomerative clustering with average linkage (UPGMA; Sokal and Michener, 1958): two groups are
 * joined as long as all pairs between them are alike at the threshold on average. A pair that is not listed counts 0.
 *
 * Groups are found along chains of nearest neighbours (Murtagh, 1983; Müllner, "Modern hierarchical, agglomerative
 * clustering algorithms", 2011): that comes to the same as joining the two that are most alike each time, in time that
 * grows with the pairs that are listed, about as their number times the logarithm of the faces.
 *
 * @param alike of each face the others, each pair in the lists of both
 * @param threshold in the same units, above 0, inclusive
 * @returns the numbers of the faces of each group, also of those of one face, in ascending order
 */
export function averageLinkage(alike: readonly AlikeFaces[], threshold: number): number[][] {
  const links = new Links(alike);
  for (const face of alike.keys()) {
    // Each is the nearest of the one before, and nearer to it than that is to the one before.
    const chain: number[] = links.groupOf(face) === face ? [face] : [];
    for (;;) {
      const last = chain.pop();
      if (last === undefined) break;
      const before = chain.at(-1);
      const nearest = links.nearest(last, threshold, before);
      // Joining others brings none of them nearer, so this group is complete.
      if (nearest === undefined) continue;
      if (nearest !== before) chain.push(last, nearest);
      else {
        chain.pop();
        const joined = links.join(last, before);
        if (chain.length === 0) chain.push(joined);
      }
    }
  }
  const groups = new Map<number, number[]>();
  for (const face of alike.keys()) {
    const group = links.groupOf(face);
    const members = groups.get(group);
    if (members) members.push(face);
    else groups.set(group, [face]);
  }
  return [...groups.values()];
}

/** How alike groups of faces are. A group goes by its face of the least number. */
class Links {
  /** Of a group, what the similarities to others add up to. Some may still be listed by groups that were joined since. */
  readonly #alike: AlikeFaces[];
  /** A face of the same group with a lesser number, or itself. */
  readonly #parents: Int32Array;
  readonly #sizes: Int32Array;
  /** Where a group stands in the list that is gone through, plus one. */
  readonly #places: Int32Array;

  constructor(alike: readonly AlikeFaces[]) {
    this.#alike = alike.map(({ faces, similarities }) => ({
      faces: faces.slice(),
      similarities: similarities.slice(),
    }));
    this.#parents = Int32Array.from(alike.keys());
    this.#sizes = new Int32Array(alike.length).fill(1);
    this.#places = new Int32Array(alike.length);
  }

  groupOf(face: number): number {
    const parents = this.#parents;
    let at = face;
    while (parents[at] !== at) {
      parents[at] = parents[parents[at]!]!;
      at = parents[at]!;
    }
    return at;
  }

  /**
   * The group that is most alike on average, at the threshold. Of equals it is the preferred one, so that a chain ends
   * where it could go round, or else the one of the least number.
   */
  nearest(group: number, threshold: number, preferred: number | undefined): number | undefined {
    const { faces: others, similarities: sums } = this.#summed(group);
    let nearest: number | undefined;
    let most = threshold;
    for (let i = 0; i < others.length; i++) {
      const other = others[i]!;
      const mean = sums[i]! / (this.#sizes[group]! * this.#sizes[other]!);
      const isAsNear = mean === most && (nearest === undefined || (nearest !== preferred && other < nearest));
      if (mean > most || isAsNear || (mean === most && other === preferred)) {
        nearest = other;
        most = mean;
      }
    }
    return nearest;
  }

  /** @returns the group of both */
  join(one: number, other: number): number {
    const [group, gone] = one < other ? [one, other] : [other, one];
    const [long, short] = [this.#alike[one]!, this.#alike[other]!].sort(
      (a, b) => b.faces.length - a.faces.length,
    );
    for (let i = 0; i < short!.faces.length; i++) {
      long!.faces.push(short!.faces[i]!);
      long!.similarities.push(short!.similarities[i]!);
    }
    this.#alike[group] = long!;
    this.#alike[gone] = { faces: [], similarities: [] };
    this.#parents[gone] = group;
    this.#sizes[group]! += this.#sizes[gone]!;
    return group;
  }

  /** The list of a group, with each other group once. */
  #summed(group: number): AlikeFaces {
    const alike = this.#alike[group]!;
    const { faces, similarities } = alike;
    let count = 0;
    for (let i = 0; i < faces.length; i++) {
      const other = this.groupOf(faces[i]!);
      if (other === group) continue;
      const place = this.#places[other]!;
      if (place > 0) similarities[place - 1]! += similarities[i]!;
      else {
        faces[count] = other;
        similarities[count] = similarities[i]!;
        this.#places[other] = ++count;
      }
    }
    faces.length = count;
    similarities.length = count;
    for (const other of faces) this.#places[other] = 0;
    return alike;
  }
}
