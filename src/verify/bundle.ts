import type { Json } from '../core/canonical.ts';
import { ConfigurationError, IntegrityError } from '../core/error.ts';
import { iso } from '../core/instant.ts';
import { type Checkpoint, readCheckpoint } from '../log/checkpoint.ts';
import { parseWitnessKey } from '../log/cosignature.ts';
import { DESCRIPTION, type LogDescription, parseDescription } from '../log/description.ts';
import { type NoteVerifier, verifierKey } from '../log/note.ts';
import type { Succeeded } from '../log/succession.ts';
import type { BundleFiles } from './bundle-files.ts';
import { readBundleLog } from './bundle-log.ts';
import { beginnings, verifyClaims, verifyRest, verifyUnexpected } from './claims.ts';
import { type RecordsTold, verifyRecords } from './bundle-records.ts';
import {
  verifyAccount,
  verifyCatalog,
  verifyEarlier,
  verifyKeys,
  verifyManifest,
  verifyPin,
  verifyPopulations,
  verifyStandards,
  verifyUnnamed,
} from './documents.ts';
import { CHECKPOINT, type Citing, citedBy, citedIn, MANNER, type Manner, parseManner, README, REPORT, RESULTS, VERIFIER } from './format.ts';
import { readResults } from './results.ts';
import { misdated } from './dated.ts';
import { changeSaid } from './slots.ts';
import { readingKeys, succeededLine, vouchedFor } from './known-key.ts';
import { type Opener, opener } from './opening.ts';
import { verifyConfirmations } from './tokens.ts';
import { type Item, isBad, verdicts, type Verdicts, WORDS, type Word } from './verdict.ts';

export interface BundleAsked {
  readonly files: BundleFiles;
  /** The key of the log as its reader knows it; `null`: the bundle's own word is taken, and that is said. */
  readonly key: string | null;
  /** A checkpoint that its reader holds, as it was signed. */
  readonly pin: Buffer | null;
  /** A file of the certificates that timestamps must lead to; `null`: those of the bundle. */
  readonly authorities: string | null;
  /** Keys of witnesses, as its reader knows them (c2sp.org/tlog-cosignature). None unless said. */
  readonly witnesses?: readonly string[];
  readonly progress?: (done: number, of: number) => void;
}

export interface BundleVerdict {
  readonly manner: Manner | null;
  readonly checkpoint: { readonly origin: string; readonly size: number; readonly root: string } | null;
  /** Verifier key of the log, and whether its reader brought it. */
  readonly key: {
    readonly verifierKey: string;
    readonly given: boolean;
    /** Keys that took the place of the one that its reader knows, in order; the last of them signed the checkpoint. */
    readonly followed: readonly Succeeded[];
  };
  readonly demo: boolean;
  readonly items: readonly Item[];
  readonly totals: Readonly<Record<Word, number>>;
  readonly payloads: { readonly opened: number; readonly unopened: number; readonly disposed: number };
  /** What its reader must not overlook. */
  readonly remarks: readonly string[];
  /** Nothing is missing and nothing altered. */
  readonly sound: boolean;
}

/** Says of every item of a bundle whether it is what was sealed. Rests on the bundle, the key and the checkpoint that its reader brings, and nothing else. */
export async function verifyBundle(asked: BundleAsked): Promise<BundleVerdict> {
  const payloads = opener();
  try {
    return await verifyWith(payloads, asked);
  } finally {
    await payloads.close();
  }
}

async function verifyWith(payloads: Opener, { files, key, pin, authorities, witnesses = [], progress = () => undefined }: BundleAsked): Promise<BundleVerdict> {
  const known = witnesses.map(witnessOf);
  const said = verdicts();
  await verifyManifest(files, said);
  const manner = await document(files, MANNER, said, parseManner);
  const description = await document(files, DESCRIPTION, said, readDescription);
  const note = await files.readPart(CHECKPOINT, 0, NOTE);
  const reading = readingKeys(key, description, note, said);
  const checkpoint = await document(files, CHECKPOINT, said, (bytes) => readCheckpoint(bytes, reading));
  if (checkpoint && manner) agree(manner, checkpoint, said);
  const { results, cited } = citing(files, manner, said);
  verifyClaims(results, cited, manner, checkpoint?.size ?? null, said);
  const log = checkpoint && (await attempted(said, CHECKPOINT, () => readBundleLog(files, checkpoint, said)));
  const told =
    checkpoint && log && note
      ? await verifyRecords({
          files,
          log,
          checkpoint,
          note,
          description,
          choice: manner ?? NOTHING,
          cited,
          sealed: manner?.sealed ?? false,
          opener: payloads,
          said,
          progress,
        })
      : null;
  if (told) {
    await verifyAccount(files, told, said);
    verifyUnnamed(files, told.named, checkpoint?.size ?? 0, said);
    verifyUnexpected(files, manner, checkpoint?.size ?? 0, said);
  }
  if (told?.whole && description && checkpoint) verifyKeys(description, told.keys, checkpoint.size, said);
  const { verifier, followed } =
    checkpoint && note ? await vouchedFor({ files, note, reading, key, pin, tree: log?.tree ?? null, told }, said) : { verifier: reading, followed: [] };
  if (log?.tree && checkpoint && note) await verifyEarlier(files, manner?.earlier ?? null, { tree: log.tree, verifier, note, checkpoint }, said);
  if (pin) verifyPin(pin, { tree: log?.tree ?? null, verifier }, said);
  if (description) await verifyStandards(files, description, said);
  await verifyCatalog(files, results, said);
  await verifyPopulations(files, results, said);
  const bounds = await verifyConfirmations({ files, tree: log?.tree ?? null, verifier, authorities, witnesses: known }, said);
  for await (const { index, says, file } of misdated(bounds, new Map(), told?.dated ?? [])) said.say(`record ${index}`, 'ALTERED', `${says} (${file})`);
  for (const name of Object.keys(UNPROVED)) if (files.has(name)) said.say(name, 'NOT CHECKED', UNPROVED[name]);
  verifyRest(files, told, said);

  const { items } = said;
  const totals = Object.fromEntries(WORDS.map((word) => [word, items.filter((it) => it.word === word).length])) as Record<Word, number>;
  return {
    manner,
    checkpoint: checkpoint && { origin: checkpoint.origin, size: checkpoint.size, root: checkpoint.root.toString('base64') },
    key: { verifierKey: verifierKey(verifier), given: key !== null, followed },
    demo: told?.demo ?? false,
    items: items.toSorted(byItem),
    totals,
    payloads: told?.payloads ?? { opened: 0, unopened: 0, disposed: 0 },
    remarks: remarks({ key, pin, manner, told, followed }),
    sound: !items.some(({ word }) => isBad(word)),
  };
}

/** The results without their findings, and all records that they cite. */
function citing(files: BundleFiles, manner: Manner | null, said: Verdicts): { readonly results: Json; readonly cited: ReadonlySet<number> } {
  const missing = { results: null, cited: new Set<number>() };
  if (!files.has(RESULTS)) {
    said.say(RESULTS, 'MISSING', 'a bundle is not whole without it');
    return missing;
  }
  const read = said.attempt(RESULTS, () => {
    const found = new Set<number>();
    const results = readResults(files, (finding) => citedIn(finding as Citing, found));
    // What was exported before format 3 did not ask for what shows that something happened late.
    const asking = manner?.format === 2 ? { ...(results as object), occurrences: [] } : results;
    return { results, cited: citedBy(asking).union(found) };
  });
  if (read) said.say(RESULTS, 'VERIFIED');
  return read ?? missing;
}

/** In the spelling in which the log keeps it, so that no key comes twice. */
function readDescription(bytes: Buffer): LogDescription {
  const description = parseDescription(bytes);
  const keys = Object.values(description.statementKeys);
  if (`${JSON.stringify(description, null, 2)}\n` !== bytes.toString('utf8') || !keys.every((key) => typeof key === 'string'))
    throw new IntegrityError('DESCRIPTION', `${DESCRIPTION} is not spelled as the log keeps it`);
  return description;
}

/** Where the bundle does not say what it holds, only what is there is looked at. */
const NOTHING = { of: { from: 0, to: 0 }, sources: [], controls: [] };
const UNPROVED: Readonly<Record<string, string>> = {
  [RESULTS]: 'nothing proves it: it should follow from the evidence. Perform it again to see',
  [REPORT]: 'nothing proves it: it should say what results.json says',
  [README]: 'its maker wrote it, and nothing proves it',
  [VERIFIER]: 'its maker handed it over: take the program that verifies from where you trust it',
};
/** A note of 100 signatures needs less. */
const NOTE = 64 * 1024;
const DOCUMENT = 64 * 1024 * 1024;

/** Reads one file; says what is wrong with it, or that it is right. */
async function document<Read>(files: BundleFiles, name: string, said: Verdicts, read: (bytes: Buffer) => Read): Promise<Read | null> {
  const most = name === CHECKPOINT ? NOTE : DOCUMENT;
  if (!files.has(name)) said.say(name, 'MISSING', 'a bundle is not whole without it');
  else if (files.sizeOf(name) > most) said.say(name, 'ALTERED', `it has ${files.sizeOf(name)} bytes, at most ${most}`);
  else {
    const bytes = await files.read(name);
    const result = bytes && said.attempt(name, () => read(bytes));
    if (result !== null) said.say(name, 'VERIFIED');
    return result;
  }
  return null;
}

async function attempted<Result>(said: Verdicts, item: string, act: () => Promise<Result>): Promise<Result | null> {
  try {
    return await act();
  } catch (error) {
    if (!(error instanceof IntegrityError)) throw error;
    said.say(item, 'ALTERED', error.message);
    return null;
  }
}

function witnessOf(key: string): NoteVerifier {
  try {
    return parseWitnessKey(key);
  } catch (cause) {
    throw new ConfigurationError(`--witness ${key}: ${(cause as Error).message}`, cause);
  }
}

function agree(manner: Manner, { origin, size, root }: Checkpoint, said: Verdicts): void {
  if (manner.origin !== origin || manner.size !== size || manner.root !== root.toString('base64'))
    said.say(MANNER, 'ALTERED', 'it names another checkpoint than the one that is signed');
}

interface Remarkable {
  readonly key: string | null;
  readonly pin: Buffer | null;
  readonly manner: ReturnType<typeof parseManner> | null;
  readonly told: Pick<RecordsTold, 'demo' | 'dated' | 'runs' | 'begun' | 'account'> | null;
  readonly followed: readonly Succeeded[];
}

function remarks({ key, pin, manner, told, followed }: Remarkable): readonly string[] {
  const newest = told?.dated.reduce((most, { sealedAt }) => Math.max(most, sealedAt), -Infinity) ?? -Infinity;
  return [
    ...(told?.demo ? ['Made-up data of the demo company: evidence of nothing.'] : []),
    ...(key === null
      ? [
          'The key of the log was taken from the bundle itself, so that only its maker vouches for it. Ask the company for it on another way, and bring it with --key.',
        ]
      : []),
    ...followed.map(succeededLine),
    ...(pin === null ? [`${broughtBy(manner)}: ${UNPINNED}`] : []),
    ...(manner && told ? beginnings(manner, told) : []),
    ...(manner && newest > -Infinity && newest < manner.of.to
      ? [`The newest record was sealed on ${iso(newest)}, and the period goes on to ${iso(manner.of.to)}: of the time between them the bundle tells nothing.`]
      : []),
    ...changed(manner, told),
    ...(manner?.sources ? [`Only records of ${manner.sources.length} sources belong to this bundle: ${manner.sources.join(', ')}.`] : []),
    ...(manner?.collectors ? [`Only runs of ${manner.collectors.length} collectors belong to this bundle: ${manner.collectors.join(', ')}.`] : []),
    ...(manner?.sealed ? ['The keys of the payloads were left out: that they are the ones that were sealed is verified, what they say is not.'] : []),
  ];
}

/** Schedules that were changed so that slots of the period are judged by another step. */
function changed(manner: Remarkable['manner'], told: Remarkable['told']): readonly string[] {
  if (!manner || !told) return [];
  const its = told.account.changes().filter(({ by, after, until }) => by !== null && until >= manner.of.from && after < manner.of.to);
  const more = its.length > SHOWN ? [`The schedules were changed ${its.length - SHOWN} more times.`] : [];
  return [...its.slice(0, SHOWN).map(({ line, ...change }) => changeSaid(line, change)), ...more];
}

const SHOWN = 20;

const UNPINNED =
  'that the log was not rewritten before this bundle rests on timestamps and witnesses alone. Keep the checkpoint of this bundle, and bring it for the next one with --checkpoint.';

/** Only what its reader kept binds its maker. */
const broughtBy = (manner: Manner | null): string =>
  typeof manner?.earlier === 'number'
    ? `You brought no earlier checkpoint, and the one of size ${manner.earlier} was brought by the bundle itself, so that only its maker vouches for it`
    : 'No earlier checkpoint was brought';

/** Files by name first, then records by number. */
function byItem(a: Item, b: Item): number {
  const [left, right] = [recordOf(a), recordOf(b)];
  if (left !== right) return left - right;
  return a.item < b.item ? -1 : a.item > b.item ? 1 : 0;
}

const recordOf = ({ item }: Item): number => (item.startsWith('record ') ? Number(item.slice('record '.length)) : -1);
