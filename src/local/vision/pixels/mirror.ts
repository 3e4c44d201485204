/** Swaps left and right of a square patch of `size · size · 3` bytes. */
export function mirror(patch: Uint8Array, size: number): Uint8Array {
  const mirrored = new Uint8Array(patch.length);
  for (let row = 0; row < size; row++)
    for (let column = 0; column < size; column++) {
      const from = (row * size + column) * 3;
      const to = (row * size + size - 1 - column) * 3;
      mirrored[to] = patch[from]!;
      mirrored[to + 1] = patch[from + 1]!;
      mirrored[to + 2] = patch[from + 2]!;
    }
  return mirrored;
}
