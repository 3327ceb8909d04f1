import { Dialog } from '@base-ui/react/dialog';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type KeyboardEvent, useDeferredValue, useEffect, useId, useState } from 'react';
import type { Answer } from '../api/ask.ts';
import { ask } from '../api/ask.ts';
import { type Me, mayOpen, useMe } from '../api/me.ts';
import { iso } from '../../../src/core/instant.ts';
import { parsed, spoken, type Time, useTime } from '../time.ts';
import { placesFor } from './Allowed.tsx';
import { SECTIONS } from '../settings/sections.ts';

interface Entry {
  readonly kind: string;
  readonly text: string;
  readonly note: string;
  readonly to: string;
  readonly time?: Time;
}

/** Search or jump to: pages, criteria, controls, people, accounts, records by index or digest, sources; an instant holds all pages. */
export function Palette() {
  const [open, setOpen] = useState(false);
  useEffect(() => {
    const press = (event: globalThis.KeyboardEvent) => {
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'k') {
        event.preventDefault();
        setOpen(true);
      }
    };
    addEventListener('keydown', press);
    return () => removeEventListener('keydown', press);
  }, []);
  return (
    <Dialog.Root open={open} onOpenChange={setOpen}>
      <Dialog.Trigger className="jump">
        Search or jump to<kbd>Ctrl K</kbd>
      </Dialog.Trigger>
      <Dialog.Portal>
        <Dialog.Backdrop className="backdrop" />
        <Dialog.Popup className="dialog palette" aria-label="Search or jump to">
          <Search close={() => setOpen(false)} />
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

function Search({ close }: { readonly close: () => void }) {
  const [text, setText] = useState('');
  const wanted = useDeferredValue(text.trim());
  const [chosen, setChosen] = useState(0);
  const time = useTime();
  const navigate = useNavigate();
  const list = useId();
  const me = useMe();
  const found = useQuery({
    queryKey: ['/search', wanted],
    queryFn: ({ signal }) => ask<Answer<'search', 'find'>>('/search', { q: wanted }, signal),
    enabled: wanted !== '',
    placeholderData: (before) => before,
  });
  const entries = entriesOf(wanted, found.data, me.data);
  const at = Math.min(chosen, entries.length - 1);

  const open = (entry: Entry | undefined) => {
    if (!entry) return;
    close();
    void navigate({ to: entry.to, search: entry.time ?? time });
  };
  const press = (event: KeyboardEvent) => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step !== 0) {
      event.preventDefault();
      setChosen(Math.min(Math.max(at + step, 0), entries.length - 1));
    } else if (event.key === 'Enter') open(entries[at]);
  };

  return (
    <>
      <input
        role="combobox"
        aria-expanded={entries.length > 0}
        aria-controls={list}
        aria-activedescendant={entries[at] ? `${list}-${at}` : undefined}
        aria-label="Search or jump to"
        placeholder="A control, a person, a record, 2026-11-06 23:00 …"
        value={text}
        onChange={({ target }) => {
          setText(target.value);
          setChosen(0);
        }}
        onKeyDown={press}
      />
      <div className="found" role="listbox" id={list} aria-label="Found">
        {entries.map((entry, place) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the field above has the keys
          <div
            key={`${entry.kind} ${entry.to} ${entry.text}`}
            id={`${list}-${place}`}
            role="option"
            tabIndex={-1}
            aria-selected={place === at}
            onClick={() => open(entry)}
            onMouseMove={() => setChosen(place)}
          >
            <small>{entry.kind}</small>
            <bdi>{entry.text}</bdi>
            <small>
              <bdi>{entry.note}</bdi>
            </small>
          </div>
        ))}
        {wanted !== '' && entries.length === 0 && !found.isFetching && (
          <p className="none">Nothing is called so: no page, control, criterion, person, account, source or record.</p>
        )}
      </div>
    </>
  );
}

function entriesOf(wanted: string, found: Answer<'search', 'find'> | undefined, me: Me | undefined): readonly Entry[] {
  const all = [...placesFor(me).flatMap((group) => group.places), ...SECTIONS.filter(({ to }) => mayOpen(to, me))];
  const places = all.filter(({ text }) => text.toLowerCase().includes(wanted.toLowerCase()));
  const pages = places.map(({ to, text }): Entry => ({ kind: 'Page', text, note: '', to }));
  const at = parsed(wanted) ?? parsed(`${wanted.replace(/^at /, '').replace(' ', 'T')}Z`) ?? parsed(`${wanted.replace(/^at /, '')}T00:00:00Z`);
  const held: readonly Entry[] = at === null ? [] : [{ kind: 'Time', text: `Hold all pages at ${spoken(iso(at))}`, note: '', to: '.', time: { at: iso(at) } }];
  const index = /^#?(\d{1,15})$/.exec(wanted)?.[1];
  const record: readonly Entry[] = index === undefined ? [] : [{ kind: 'Record', text: `Record ${index}`, note: '', to: `/log/${index}` }];
  const told = (wanted === '' ? [] : (found?.found ?? [])).flatMap(({ kind, id, title }) => {
    const to = placeOf(kind, id);
    return to === null ? [] : [{ kind: kind.slice(0, 1).toUpperCase() + kind.slice(1), text: title, note: title.includes(id) ? '' : id, ...to }];
  });
  return [...held, ...record, ...told, ...pages].slice(0, 50);
}

type Kind = Answer<'search', 'find'>['found'][number]['kind'];

/** Where what was found is shown; `null` of what has no page of its own. */
function placeOf(kind: Kind, id: string): Pick<Entry, 'to' | 'time'> | null {
  const named = encodeURIComponent(id);
  if (kind === 'criterion') return { to: `/criteria/${named}` };
  if (kind === 'control') return { to: `/controls/${named}` };
  if (kind === 'finding') return { to: `/findings/${named}` };
  if (kind === 'person') return { to: `/people/${named}` };
  if (kind === 'record') return { to: `/log/${named}` };
  if (kind === 'source') return { to: `/sources/${id.split('/').map(encodeURIComponent).join('/')}` };
  return null;
}
