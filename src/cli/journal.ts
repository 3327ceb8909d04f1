import { pino } from 'pino';
import type { JobEvent } from '../app/job-views.ts';
import { iso } from '../core/instant.ts';
import { spokenInstant } from '../core/spoken.ts';
import { wordArgument } from './arguments.ts';
import type { Output } from './output.ts';

export const LOG_OPTION = ['--log <FORMAT>', 'how it tells what it does: text, or json for machines', 'text'] as const;

/** Where a process that runs for long tells what it does: lines for people, or JSON, a line each. */
export interface Journal {
  note(says: string, fields?: Readonly<Record<string, unknown>>): void;
  warn(says: string, fields?: Readonly<Record<string, unknown>>): void;
  job(event: JobEvent): void;
}

interface Means {
  readonly format: string;
  readonly output: Pick<Output, 'note' | 'quiet'>;
  /** What must never be told, whoever says it. */
  readonly secrets: readonly string[];
  /** What came to be secret since. */
  readonly also?: () => readonly string[];
  readonly write?: (line: string) => void;
}

export function journal({ format, output, secrets, also = () => [], write = (line) => void process.stderr.write(line) }: Means): Journal {
  const redact = redactor(() => [...secrets, ...also()]);
  if (wordArgument(format, '--log', ['text', 'json'] as const) === 'text') {
    const note = (says: string) => output.note(redact(says));
    return { note, warn: note, job: (event) => eventLines(event).forEach(note) };
  }
  const log = pino(
    { base: { pid: process.pid }, timestamp: () => `,"time":"${new Date().toISOString()}"`, formatters: { level: (level) => ({ level }) } },
    { write: (line: string) => write(redact(line)) },
  );
  return {
    note: (says, fields = {}) => log.info(fields, says),
    warn: (says, fields = {}) => log.warn(fields, says),
    job: (event) => eventEntry(event, log),
  };
}

function eventEntry(event: JobEvent, log: Readonly<Record<'debug' | 'info' | 'warn', (fields: object, says: string) => void>>): void {
  const { what, note, ...fields } = event;
  const told = 'slot' in event ? { ...fields, slot: iso(event.slot), ...(event.what === 'skipped' ? { firstSlot: iso(event.firstSlot) } : {}) } : fields;
  const level = what !== 'ended' || event.state !== 'done' ? 'warn' : QUIET.test(note) ? 'debug' : 'info';
  log[level]({ event: `job-${what}`, ...told }, note);
}

/** Looks of the house are many and say nothing; what was collected, made or missed is told, and whatever went wrong. */
function eventLines(event: JobEvent): readonly string[] {
  if (event.what === 'ended') {
    const { schedule, state, note, attempt } = event;
    if (state === 'done' && QUIET.test(note)) return [];
    return [
      `${spokenInstant(Date.now())} ${schedule}: ${state === 'done' ? '' : state === 'retry' ? `attempt ${attempt + 1} failed, and is tried again: ` : 'failed: '}${note}`,
    ];
  }
  if (event.what === 'skipped') {
    const { schedule, slot, firstSlot, note } = event;
    if (/^(watch|attend|upkeep)$/.test(schedule)) return [];
    return [`${schedule}: skipped the slot of ${spokenInstant(slot)}${firstSlot === slot ? '' : ` and those from ${spokenInstant(firstSlot)} on`}: ${note}`];
  }
  return [event.note];
}

const QUIET = /^(no control changed|nothing waited|nothing was due any more|everybody outside confirms what they were asked to)$/;

/** Short ones would redact half of every sentence. */
const SHORTEST = 6;

function redactor(secrets: () => readonly string[]): (text: string) => string {
  const spellings = () =>
    secrets()
      .filter((secret) => secret.length >= SHORTEST)
      .flatMap((secret) => [secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret)])
      .sort((a, b) => b.length - a.length);
  return (text) => spellings().reduce((told, secret) => told.replaceAll(secret, '[redacted]'), text);
}
