/** One thing that was measured. */
export interface Figure {
  name: string;
  ours: number;
  peer?: number;
  /** Of `ours` and `peer`. */
  unit: string;
  /** How many times as good as the peer: the median over rounds in which one was measured right after the other. */
  ratio?: number;
  /** What is to be reached: at least so many times as good as the peer, or at most so much. */
  target?: { ratioAtLeast: number } | { atMost: number };
}

/** Whether the target is reached; nothing without one. */
export function holds({ ours, ratio, target }: Figure): boolean | undefined {
  if (!target) return undefined;
  return 'atMost' in target ? ours <= target.atMost : (ratio ?? 0) >= target.ratioAtLeast;
}

/** The figures as a table in Markdown. */
export function toTable(figures: readonly Figure[]): string {
  const rows = figures.map((figure) => {
    const { name, ours, peer, unit, ratio } = figure;
    const verdict = { true: 'holds', false: 'MISSED', undefined: '' }[`${holds(figure)}`];
    const theirs = peer === undefined ? '' : `${round(peer)} ${unit}`;
    return [
      name,
      `${round(ours)} ${unit}`,
      theirs,
      ratio === undefined ? '' : `${round(ratio)} x`,
      wanted(figure),
      verdict,
    ];
  });
  const table = [['', 'Rekollect', 'peer', 'ratio', 'target', ''], ...rows];
  const widths = table[0]!.map((_, column) => Math.max(3, ...table.map((row) => row[column]!.length)));
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, column) => (column === 0 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!))).join(' | ')} |`;
  const rule = `| ${widths.map((width, column) => (column === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`)).join(' | ')} |`;
  return [line(table[0]!), rule, ...table.slice(1).map(line)].join('\n');
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

function wanted({ target, unit }: Figure): string {
  if (!target) return '';
  return 'atMost' in target ? `<= ${target.atMost} ${unit}` : `>= ${target.ratioAtLeast} x`;
}

function round(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toPrecision(3);
}
