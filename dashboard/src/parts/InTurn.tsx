import { type ReactNode, startTransition, useEffect, useState } from 'react';
import { usePrinting } from './printing.ts';

/** Parts that are not drawn yet, in the order of the page. */
const waiting = new Set<() => void>();
let isDrawing = false;

/**
 * What stands further down a page, drawn after what is seen first: one part in a turn, so that the browser answers
 * keys and clicks between two of them. Whoever prints gets all of it.
 */
export function InTurn({
  children,
  placeholder = <div className="skeleton turn" />,
}: {
  readonly children: ReactNode;
  /** In its place until then. */
  readonly placeholder?: ReactNode;
}) {
  const [shown, setShown] = useState(false);
  const printing = usePrinting();
  useEffect(() => {
    if (shown) return undefined;
    const show = () => setShown(true);
    waiting.add(show);
    begin();
    return () => {
      // It was drawn, or it went while it was drawn: in both cases it is the turn of the next.
      if (!waiting.delete(show)) setTimeout(next);
    };
  }, [shown]);
  return shown || printing ? children : placeholder;
}

/** A long list in parts of so many, each in its turn; the first at once. */
export function PartsInTurn<Entry>({
  of,
  size,
  placeholder,
  children,
}: {
  readonly of: readonly Entry[];
  readonly size: number;
  readonly placeholder?: ReactNode;
  readonly children: (part: readonly Entry[]) => ReactNode;
}): ReactNode {
  if (of.length <= size) return children(of);
  return (
    <>
      {children(of.slice(0, size))}
      <InTurn placeholder={placeholder}>
        <PartsInTurn of={of.slice(size)} size={size} placeholder={placeholder}>
          {children}
        </PartsInTurn>
      </InTurn>
    </>
  );
}

function begin(): void {
  if (isDrawing) return;
  isDrawing = true;
  setTimeout(next);
}

function next(): void {
  const [show] = waiting;
  isDrawing = show !== undefined;
  if (show === undefined) return;
  waiting.delete(show);
  startTransition(show);
}
