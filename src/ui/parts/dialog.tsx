import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';

/** A dialog over the page. Escape closes it, and the focus returns to where it was. */
export function Dialog(props: { title: string; onClose: () => void; children: ComponentChildren }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const title = useId();
  useEffect(() => {
    const own = dialog.current!;
    own.showModal();
    // Only a dialog that closes gives the focus back; one that is taken away would lose it.
    return () => own.close();
  }, []);
  return (
    <dialog ref={dialog} aria-labelledby={title} onClose={() => dialog.current && props.onClose()}>
      <h2 id={title}>{props.title}</h2>
      {props.children}
    </dialog>
  );
}
