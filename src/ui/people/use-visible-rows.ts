import type { RefObject } from 'preact';
import { useLayoutEffect, useState } from 'preact/hooks';

/** The part of a grid that is on the screen, or near it. */
export interface VisibleRows {
  columns: number;
  first: number;
  /** The row after the last. */
  end: number;
  /** How many fit on the screen. */
  perScreen: number;
}

/** In rem, so that it grows with the text. */
export interface CellSize {
  minWidth: number;
  height: number;
}

/** Rows beyond the edge of the screen, to be there when it is scrolled. */
const SPARE = 2;

/**
 * Which rows of a long grid are to be drawn, as the window is scrolled and changes its size. All cells are of one size,
 * so it is a matter of two divisions: a library that measures them would be a tenth of all of the page.
 */
export function useVisibleRows(grid: RefObject<HTMLElement | null>, cell: CellSize): VisibleRows {
  const [rows, setRows] = useState<VisibleRows>({ columns: 1, first: 0, end: 0, perScreen: 1 });
  useLayoutEffect(() => {
    const look = () => {
      const rem = Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
      const { top, width } = grid.current!.getBoundingClientRect();
      const height = cell.height * rem;
      const rows = {
        columns: Math.max(1, Math.floor(width / (cell.minWidth * rem))),
        first: Math.max(0, Math.floor(-top / height) - SPARE),
        end: Math.max(0, Math.ceil((innerHeight - top) / height) + SPARE),
        perScreen: Math.max(1, Math.floor(innerHeight / height)),
      };
      // Most scrolling changes nothing of it.
      setRows((last) => (JSON.stringify(last) === JSON.stringify(rows) ? last : rows));
    };
    look();
    addEventListener('scroll', look, { passive: true });
    addEventListener('resize', look);
    // What stands above it may grow, too.
    const layout = new ResizeObserver(look);
    layout.observe(document.body);
    return () => {
      removeEventListener('scroll', look);
      removeEventListener('resize', look);
      layout.disconnect();
    };
  }, [grid, cell]);
  return rows;
}
