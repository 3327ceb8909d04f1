import { useNavigate } from '@tanstack/react-router';
import { type FormEvent, useEffect, useId, useRef, useState } from 'react';
import { Popover } from '@base-ui/react/popover';
import { iso } from '../../../src/core/instant.ts';
import { parsed, periodOf, spoken, type Time, useTime } from '../time.ts';

/** Now, an instant, or a period; every page obeys it, and the address keeps it. */
export function TimeControl() {
  const time = useTime();
  const navigate = useNavigate();
  const set = (next: Time) => void navigate({ to: '.', search: next });
  const [period] = [time.period === undefined ? null : periodOf(time.period)];
  return (
    <div className="time" role="group" aria-label="Time">
      <button
        type="button"
        aria-pressed={time.at === undefined && time.known === undefined}
        onClick={() => set(time.period === undefined ? {} : { period: time.period })}
      >
        Now
      </button>
      <Popover.Root>
        <Popover.Trigger render={<button type="button" id="time-instant" aria-pressed={time.at !== undefined} />}>
          {time.at === undefined ? 'Instant' : spoken(time.at)}
        </Popover.Trigger>
        <Popover.Portal>
          <Popover.Positioner sideOffset={6} align="end">
            <Popover.Popup className="pop">
              <InstantForm time={time} set={set} />
            </Popover.Popup>
          </Popover.Positioner>
        </Popover.Portal>
      </Popover.Root>
      <Popover.Root>
        <Popover.Trigger render={<button type="button" aria-pressed={period !== null} />}>
          {period === null ? 'Period' : `From ${spoken(iso(period.from))} up to ${spoken(iso(period.to))}`}
        </Popover.Trigger>
        <Popover.Portal>
          <Popover.Positioner sideOffset={6} align="end">
            <Popover.Popup className="pop">
              <PeriodForm time={time} set={set} />
            </Popover.Popup>
          </Popover.Positioner>
        </Popover.Portal>
      </Popover.Root>
    </div>
  );
}

interface FormProps {
  readonly time: Time;
  readonly set: (time: Time) => void;
}

function InstantForm({ time, set }: FormProps) {
  const [text, setText] = useState(time.at ?? '');
  const [known, setKnown] = useState(time.known === undefined ? '' : String(time.known));
  const [wrong, setWrong] = useState<string | null>(null);
  const [field, record] = [useId(), useId()];
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => input.current?.focus(), []);

  const go = (event: FormEvent) => {
    event.preventDefault();
    const at = text.trim() === '' ? null : (parsed(text) ?? parsed(`${text.trim().replace(' ', 'T')}Z`) ?? parsed(`${text.trim()}T00:00:00Z`));
    if (text.trim() !== '' && at === null) return setWrong('Write it like 2026-11-06T23:00:00Z, or 2026-11-06 23:00 for UTC.');
    if (known !== '' && !/^\d{1,15}$/.test(known)) return setWrong('Known at is the index of a record, like 4812.');
    set({
      ...(time.period === undefined ? {} : { period: time.period }),
      ...(at === null ? {} : { at: iso(at) }),
      ...(known === '' ? {} : { known: Number(known) }),
    });
  };

  return (
    <form onSubmit={go}>
      <label htmlFor={field}>Instant</label>
      <input
        ref={input}
        id={field}
        value={text}
        placeholder="2026-11-06 23:00"
        onChange={({ target }) => setText(target.value)}
        aria-describedby={wrong === null ? undefined : `${field}-wrong`}
      />
      <label htmlFor={record}>As known at record, if not by what is known today</label>
      <input id={record} value={known} inputMode="numeric" placeholder="4812" onChange={({ target }) => setKnown(target.value)} />
      {wrong !== null && (
        <p id={`${field}-wrong`} className="wrong" role="alert">
          {wrong}
        </p>
      )}
      <button type="submit" className="btn primary">
        Hold at this instant
      </button>
    </form>
  );
}

function PeriodForm({ time, set }: FormProps) {
  const now = time.period === undefined ? null : periodOf(time.period);
  const [from, setFrom] = useState(now ? iso(now.from) : '');
  const [to, setTo] = useState(now ? iso(now.to) : '');
  const [wrong, setWrong] = useState(false);
  const [begin, end] = [useId(), useId()];
  const rest = { ...(time.at === undefined ? {} : { at: time.at }), ...(time.known === undefined ? {} : { known: time.known }) };
  const whole = (text: string) => (/^\d{4}-\d\d-\d\d$/.test(text.trim()) ? `${text.trim()}T00:00:00Z` : text.trim());

  const go = (event: FormEvent) => {
    event.preventDefault();
    const period = `${whole(from)}..${whole(to)}`;
    if (periodOf(period) === null) return setWrong(true);
    set({ ...rest, period });
  };

  return (
    <form onSubmit={go}>
      <label htmlFor={begin}>From</label>
      <input id={begin} value={from} placeholder="2026-01-01" onChange={({ target }) => setFrom(target.value)} />
      <label htmlFor={end}>Up to, not included</label>
      <input id={end} value={to} placeholder="2026-04-01" onChange={({ target }) => setTo(target.value)} />
      {wrong && (
        <p className="wrong" role="alert">
          A period begins before it ends. Write days like 2026-01-01, or instants with a zone.
        </p>
      )}
      <div className="row">
        {quartersBefore(Date.now()).map(({ name, period }) => (
          <button type="button" key={name} className="chip" onClick={() => set({ ...rest, period })}>
            {name}
          </button>
        ))}
        <button type="button" className="chip" onClick={() => set(rest)}>
          Observation period
        </button>
      </div>
      <button type="submit" className="btn primary">
        Show this period
      </button>
    </form>
  );
}

/** The last four quarters, the running one included. */
function quartersBefore(now: number): readonly { readonly name: string; readonly period: string }[] {
  const today = new Date(now);
  const running = today.getUTCFullYear() * 4 + Math.floor(today.getUTCMonth() / 3);
  return [3, 2, 1, 0].map((back) => {
    const quarter = running - back;
    const start = (of: number) => iso(Date.UTC(Math.floor(of / 4), (of % 4) * 3, 1));
    return { name: `Q${(quarter % 4) + 1} ${Math.floor(quarter / 4)}`, period: `${start(quarter)}..${start(quarter + 1)}` };
  });
}
