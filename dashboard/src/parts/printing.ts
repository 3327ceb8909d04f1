import { useSyncExternalStore } from 'react';

let isPrinting = false;

function subscribe(changed: () => void): () => void {
  const set = (to: boolean) => () => {
    isPrinting = to;
    changed();
  };
  const [begins, ends] = [set(true), set(false)];
  addEventListener('beforeprint', begins);
  addEventListener('afterprint', ends);
  return () => {
    removeEventListener('beforeprint', begins);
    removeEventListener('afterprint', ends);
  };
}

/** Whether the page is being printed: what is folded or not drawn yet is drawn at once, before the browser takes its picture. */
export const usePrinting = (): boolean => useSyncExternalStore(subscribe, () => isPrinting);
