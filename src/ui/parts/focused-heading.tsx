import { useEffect, useRef } from 'preact/hooks';

/** The heading of something that has come in the place of what was used: who uses the keyboard goes on from here. */
export function FocusedHeading({ children }: { children: string }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  return (
    <h2 ref={heading} tabIndex={-1}>
      {children}
    </h2>
  );
}
