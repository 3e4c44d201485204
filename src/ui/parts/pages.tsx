import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';

interface PagesProps<Item> {
  /** What they are, in the plural: "rejected photos". */
  label: string;
  items: readonly Item[];
  /** How many stand on a page. */
  size?: number;
  class?: string;
  children: (item: Item) => ComponentChildren;
}

/** A list of any length, a page of it at a time. */
export function Pages<Item>({ label, items, size = 24, class: className, children }: PagesProps<Item>) {
  const [wanted, setWanted] = useState(0);
  // It may have become shorter.
  const start = Math.min(wanted, Math.max(0, Math.ceil(items.length / size) - 1) * size);
  const end = Math.min(start + size, items.length);
  return (
    <>
      <ul class={className} aria-label={label}>
        {items.slice(start, end).map(children)}
      </ul>
      {items.length > size && (
        <div class="pager">
          <button type="button" class="quiet" disabled={start === 0} onClick={() => setWanted(start - size)}>
            Previous
          </button>
          <span aria-live="polite">
            {start + 1} to {end} of {items.length.toLocaleString()}
          </span>
          <button
            type="button"
            class="quiet"
            disabled={end === items.length}
            onClick={() => setWanted(start + size)}
          >
            Next
          </button>
        </div>
      )}
    </>
  );
}
