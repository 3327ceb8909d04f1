import { type Document, isMap, isSeq, LineCounter, type Node, parseDocument, visit } from 'yaml';
import { z } from 'zod';
import { endOfDay, startOfDay } from '../../core/calendar.ts';
import { canonical, type Json } from '../../core/canonical.ts';
import { IncompleteError } from '../../core/error.ts';
import { type Instant, instant } from '../../core/instant.ts';
import { kindOf } from '../../attestations/index.ts';
import type { Fields as Stated, Kind } from '../../attestations/kind.ts';
import { problemsOf } from '../../attestations/read.ts';
import type { RegisterEntry } from '../../datasets/register/entries.ts';

/** An entry as it stands in its file, from its first line to its last. */
export interface Entry
  extends Pick<RegisterEntry, 'register' | 'entryId' | 'title' | 'ownerId' | 'subject' | 'reviewedAt' | 'until' | 'reviewerId' | 'body' | 'file' | 'line'> {
  readonly lastLine: number;
  /** Of a kind of statement, the entry as it is written. */
  readonly stated: { readonly kind: Kind; readonly fields: Stated } | null;
}

const name = z.union([z.string().min(1), z.int().transform(String)]);
/** Of kinds whose rows are called by what they hold. */
const Titleless = z.looseObject({
  id: name,
  title: z.string().min(1).nullish(),
  name: z.string().min(1).nullish(),
  owner: name.nullish(),
  subject: name.nullish(),
  reviewed: z.string().min(1).nullish(),
  until: z.string().min(1).nullish(),
  reviewer: name.nullish(),
});
const Fields = Titleless.refine(({ title, name: called }) => (title ?? called ?? null) !== null, 'it has neither "title" nor "name"');

/** Registers hardly change from run to run: what was read last is not read again. */
const readBefore = new Map<string, readonly Entry[]>();
const REMEMBERED = 128;

/** The entries of one file. Throws with file, line and what to do where one cannot be read: none may be left out. */
export function entriesOf(text: string, file: string, folder: string, timezone: string, kinds: readonly Kind[] = []): readonly Entry[] {
  const key = JSON.stringify([file, folder, timezone, kinds.map(({ id }) => id), text]);
  const entries = readBefore.get(key) ?? readEntries(text, file, folder, timezone, kinds);
  readBefore.delete(key);
  readBefore.set(key, entries);
  const [oldest] = readBefore.keys();
  if (readBefore.size > REMEMBERED && oldest !== undefined) readBefore.delete(oldest);
  return entries;
}

function readEntries(text: string, file: string, folder: string, timezone: string, kinds: readonly Kind[]): readonly Entry[] {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const fails = (offset: number, says: string) => new IncompleteError(`${file}:${lines.linePos(offset).line}:${lines.linePos(offset).col}: ${says}`);
  const [broken] = document.errors;
  if (broken) throw fails(broken.pos[0], `not YAML: ${broken.message.split('\n')[0]}. Correct it and commit it.`);
  visit(document, {
    Alias(_, { range }) {
      throw fails(range?.[0] ?? 0, 'an alias: who changed what it stands for could not be told. Write the value out.');
    },
  });

  const register = registerOf(file, folder);
  const kind = kinds.find(({ id }) => id === register) ?? null;
  const entries = listOf(document, fails).map((node) => {
    const [start = 0, end = 0] = node.range ?? [];
    const written: unknown = node.toJS(document);
    if (kind) refuse(kind, written, node, timezone, fails);
    const read = (kindOf(register)?.dataset ? Titleless : Fields).safeParse(written);
    const [issue] = read.error?.issues ?? [];
    if (!read.success)
      throw fails(
        start,
        `this entry cannot be read: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}. An entry has at least an id and a title.`.replace(':  ', ': '),
      );
    const { id, title, name: called, owner, subject, reviewed, until, reviewer } = read.data;
    const date = (field: string, said: string | null | undefined, of: typeof startOfDay) =>
      instantOf(said, of, timezone, (why) => fails(start, `"${field}" of ${id}: ${why}`));
    return {
      register,
      entryId: id,
      title: title ?? called ?? id,
      ownerId: owner ?? null,
      subject: subject ?? null,
      reviewedAt: date('reviewed', reviewed, startOfDay),
      until: date('until', until, endOfDay),
      reviewerId: reviewer ?? null,
      body: canonical(plain(read.data)),
      file,
      line: lines.linePos(start).line,
      lastLine: lines.linePos(Math.max(start, end - 1)).line,
      stated: kind && { kind, fields: written as Stated },
    };
  });
  entries.forEach(({ entryId, line }, place) => {
    const first = entries.findIndex((other) => other.entryId === entryId);
    if (first < place) throw new IncompleteError(`${file}:${line}: another entry has the id ${entryId} (line ${entries[first]?.line}). Give each its own.`);
  });
  return entries;
}

/** Throws with the place of the field where an entry is not what its kind asks for. */
function refuse(kind: Kind, written: unknown, node: Node, timezone: string, fails: (offset: number, says: string) => Error): void {
  const [problem] = problemsOf(kind, written, timezone);
  if (!problem) return;
  const pair = isMap(node) ? node.items.find(({ key }) => String(key) === problem.field) : undefined;
  const id = isMap(node) ? String(node.get('id') ?? 'without an id') : '';
  const at = (pair?.key as Node | undefined)?.range?.[0] ?? node.range?.[0] ?? 0;
  throw fails(at, `the entry ${id}${problem.field === null ? '' : `, "${problem.field}"`}: ${problem.says}. Correct it and commit it.`);
}

/** The name of a register: its file without folder and ending. */
export const registerOf = (file: string, folder: string): string => file.slice(folder.length + 1).replace(/\.ya?ml$/, '');

/** A list, or a mapping that holds one under `entries`. A file of comments alone has no entries. */
function listOf({ contents }: Document.Parsed, fails: (offset: number, says: string) => Error): readonly Node[] {
  if (contents === null) return [];
  const list = isMap(contents) ? (contents.get('entries', true) as Node | undefined) : contents;
  const [start = 0] = (list ?? contents).range ?? [];
  if (!isSeq(list)) throw fails(start, 'expected a list of entries, or a mapping with such a list under "entries".');
  return list.items.map((item) => {
    const node = item as Node;
    if (!isMap(node)) throw fails(node?.range?.[0] ?? start, 'an entry is a mapping with an id and a title.');
    return node;
  });
}

/** A date in the zone of the workspace, or an instant with its own. */
function instantOf(said: string | null | undefined, of: typeof startOfDay, timezone: string, fails: (why: string) => Error): Instant | null {
  if (said === null || said === undefined) return null;
  try {
    return /^\d{4}-\d\d-\d\d$/.test(said) ? of(said, timezone) : instant(said);
  } catch (cause) {
    throw fails(`${cause instanceof Error ? cause.message : String(cause)}. Write a date like 2026-03-29, or an instant like 2026-03-29T12:00:00Z.`);
  }
}

/** What YAML can say and canonical JSON cannot: fractions become text. */
function plain(value: unknown): Json {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value === 'object' && value !== null) return Object.fromEntries(Object.entries(value).map(([key, its]) => [key, plain(its)]));
  if (typeof value === 'number') return Number.isSafeInteger(value) ? value : String(value);
  return typeof value === 'string' || typeof value === 'boolean' ? value : null;
}
