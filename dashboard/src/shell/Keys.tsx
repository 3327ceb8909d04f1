import { Dialog } from '@base-ui/react/dialog';
import { useNavigate } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { useTime } from '../time.ts';

const GOES: Readonly<Record<string, readonly [to: string, says: string]>> = {
  p: ['/', 'Posture'],
  f: ['/findings', 'Findings'],
  t: ['/tasks', 'My tasks'],
  a: ['/alerts', 'Alerts'],
  l: ['/log', 'Log'],
  s: ['/sources', 'Sources'],
  e: ['/people', 'People'],
};

const LIST: readonly (readonly [keys: string, does: string])[] = [
  ['Ctrl K', 'search or jump to'],
  ['G, then P F T A L S E', 'posture, findings, my tasks, alerts, log, sources, people'],
  ['J, K or arrows', 'next, previous row or segment'],
  ['Enter, Esc', 'open, close'],
  ['T', 'time control'],
  ['C', 'copy the link of this page, with its time'],
  ['?', 'this list'],
];

/** Single letters act outside of fields alone. */
export function Keys() {
  const navigate = useNavigate();
  const time = useTime();
  const [open, setOpen] = useState(false);

  useEffect(() => {
    let going = false;
    const press = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || isField(event.target)) return;
      const key = event.key.toLowerCase();
      const goes = going ? GOES[key] : undefined;
      going = key === 'g';
      if (goes) void navigate({ to: goes[0], search: time });
      else if (event.key === '?') setOpen(true);
      else if (key === 't') document.getElementById('time-instant')?.click();
      else if (key === 'c') void navigator.clipboard.writeText(location.href);
      else if (key === 'j' || key === 'k') step(key === 'j' ? 1 : -1);
    };
    addEventListener('keydown', press);
    return () => removeEventListener('keydown', press);
  }, [navigate, time]);

  return (
    <Dialog.Root open={open} onOpenChange={setOpen}>
      <Dialog.Portal>
        <Dialog.Backdrop className="backdrop" />
        <Dialog.Popup className="dialog">
          <Dialog.Title>Keys</Dialog.Title>
          <dl className="kv">
            {LIST.map(([keys, does]) => (
              <div key={keys}>
                <dt>
                  <kbd>{keys}</kbd>
                </dt>
                <dd>{does}</dd>
              </div>
            ))}
          </dl>
          <Dialog.Close className="btn">Close</Dialog.Close>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

const isField = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && (target.isContentEditable || ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName));

/** Walks the links of the rows of the page. */
function step(by: number): void {
  const rows = [...document.querySelectorAll<HTMLElement>('main [data-row]')];
  const place = rows.findIndex((row) => row.contains(document.activeElement));
  const next = rows[Math.min(Math.max(place + by, 0), rows.length - 1)];
  const link = next?.matches('a,button') ? next : next?.querySelector<HTMLElement>('a,button');
  link?.focus();
  next?.scrollIntoView({ block: 'nearest' });
}
