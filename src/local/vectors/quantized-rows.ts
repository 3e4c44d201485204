/** Vectors as signed bytes, in rows one behind the other. */
export interface QuantizedRows {
  /** As many for each row as its vector has numbers, filled up with zeros. */
  readonly codes: Int8Array;
  /** These have one number for each row; `Quantized` says what. An error of -∞ marks an empty row. */
  readonly scales: Float32Array;
  readonly norms: Int32Array;
  readonly errors: Float32Array;
}

/**
 * Copies rows.
 *
 * @param length how many codes a row has
 */
export function copyQuantizedRows(
  from: QuantizedRows,
  fromRow: number,
  to: QuantizedRows,
  toRow: number,
  count: number,
  length: number,
): void {
  const end = fromRow + count;
  to.codes.set(from.codes.subarray(fromRow * length, end * length), toRow * length);
  to.scales.set(from.scales.subarray(fromRow, end), toRow);
  to.norms.set(from.norms.subarray(fromRow, end), toRow);
  to.errors.set(from.errors.subarray(fromRow, end), toRow);
}
