import { type ReactNode, useEffect, useRef, useState } from 'react';

/** What may be wider than its place. Where it is, it takes the focus, so that keys scroll it too. */
export function Scroll({ children }: { readonly children: ReactNode }) {
  const box = useRef<HTMLDivElement>(null);
  const [wide, setWide] = useState(false);
  useEffect(() => {
    const its = box.current;
    if (!its) return undefined;
    const measure = new ResizeObserver(() => setWide(its.scrollWidth > its.clientWidth));
    measure.observe(its);
    return () => measure.disconnect();
  }, []);
  return (
    <div ref={box} className="scroll" {...(wide ? { role: 'group', tabIndex: 0, 'aria-label': 'A table that is scrolled sideways' } : {})}>
      {children}
    </div>
  );
}
