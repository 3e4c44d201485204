import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';

/** A dialog over the page. Escape closes it, and the focus returns to where it was. */
export function Dialog(props: { title: string; onClose: () => void; children: ComponentChildren }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const title = useId();
  useEffect(() => {
    const shown = dialog.current!;
    shown.showModal();
    // That gives the focus back; to take it out of the page does not.
    return () => shown.close();
  }, []);
  return (
    <dialog ref={dialog} aria-labelledby={title} onClose={() => dialog.current && props.onClose()}>
      <h2 id={title}>{props.title}</h2>
      {props.children}
    </dialog>
  );
}
