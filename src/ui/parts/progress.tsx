import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import './progress.css';

interface ProgressProps {
  /** What is being done: "Enrolling". */
  label: string;
  done: number;
  total: number;
  onStop: () => void;
  /** More of how far it is. */
  children?: ComponentChildren;
}

/** How far something is that takes a while, and a button that ends it. A screen reader says each tenth of it. */
export function Progress({ label, done, total, onStop, children }: ProgressProps) {
  const [isStopping, setStopping] = useState(false);
  const stop = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    // The button that began it is gone.
    stop.current?.focus();
    // To close the page breaks it off, without clearing up.
    const ask = (event: Event) => event.preventDefault();
    addEventListener('beforeunload', ask);
    return () => removeEventListener('beforeunload', ask);
  }, []);
  const tenths = total > 0 ? Math.floor((done / total) * 10) : 0;
  return (
    <section class="progress" aria-label={label}>
      <div class="heading">
        <h2>{label} …</h2>
        <button
          ref={stop}
          type="button"
          class="quiet"
          aria-disabled={isStopping}
          onClick={() => {
            setStopping(true);
            onStop();
          }}
        >
          {isStopping ? 'Stopping …' : 'Stop'}
        </button>
      </div>
      <progress aria-label={label} value={done} max={Math.max(total, 1)} />
      <p>{children}</p>
      <span class="unseen" role="status">
        {isStopping ? 'Stopping' : `${label}, ${tenths * 10} %`}
      </span>
    </section>
  );
}
