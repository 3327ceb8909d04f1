import type { Instant } from '../core/instant.ts';
import type { Checkpoint } from '../log/checkpoint.ts';
import { isAboutLog } from '../log/disposal.ts';
import { randomHex } from '../log/random.ts';
import { lineOf, type Payload, signerOf, type Statement, type StatementSigner, type Unsealed } from '../log/statement.ts';
import { type Edge, edgeRoot, extend, type Staged } from './edge.ts';
import type { Additions, Lines } from './lines.ts';
import type { Begun, IsDisposed, Payloads } from './payloads.ts';
import { eraOf, type Preparation, type TimedDraft } from './preparation.ts';
import { type Draft, headOf } from './record.ts';
import { type Chain, type Signed, signChains } from './sealing.ts';

/** Where the log stands once a batch is committed. Each is an object of its own: who finds the same one again knows that nothing came between. */
export interface Standing {
  readonly edge: Edge;
  readonly checkpoint: Checkpoint;
  /** What that batch added to the lines; `null` where all was read from the log. */
  readonly added: Additions | null;
}

export type About = Pick<Unsealed, 'index' | 'head' | 'era' | 'sealedAt'>;

/** A batch, signed. Nothing of it is written. */
export interface Made {
  /** Of each draft in turn, of one that was sealed before too. */
  readonly indexes: readonly number[];
  /** How many records it seals. */
  readonly fresh: number;
  readonly added: Additions;
  /** Those of its records that speak of the log itself. */
  readonly about: readonly About[];
  /** Every file that it adds to the log but its checkpoint. */
  readonly files: Staged;
  readonly after: Standing;
}

/** A batch on its way to be {@link Made}, for a log that stands at `on` and nowhere else. */
export interface Making {
  readonly on: Standing;
  /** Its payloads: they may be written while its statements are signed, in its turn. */
  readonly begun: Promise<Begun>;
  readonly made: Promise<Made>;
}

/** What batches are made with. */
export interface Means {
  readonly payloads: Payloads;
  readonly lines: Lines;
  readonly plainsOf: Preparation['plainsOf'];
  readonly isDisposed: IsDisposed;
  signer(who: string): Promise<StatementSigner>;
}

const NOTHING: Begun = { payloads: [], store: async () => undefined };

/**
 * Makes a batch: a function of its drafts and of where the log stands, so that it may be made while the batch before it
 * is on its way to the disk, and be forgotten where that fails. A draft whose id is there already is not sealed again.
 */
export function making(timed: readonly TimedDraft[], on: Standing, means: Means): Making {
  const added = means.lines.draft(on.added);
  const named = timed.map((it): Named => ({ ...it, id: it.draft.id ?? randomHex(16) }));
  const indexes = new Map(named.map(({ draft, id }) => [id, added.indexOf(lineOf(draft.body), id)]));
  const fresh = [...new Map(named.filter(({ id }) => indexes.get(id) === null).map((it) => [it.id, it])).values()];
  const begun = fresh.length > 0 ? means.payloads.begin(means.plainsOf(fresh), means.isDisposed) : Promise.resolve(NOTHING);
  const finish = async (): Promise<Made> => {
    const sealed = await signed(fresh, (await begun).payloads.values(), { on, added, means });
    const about: About[] = [];
    for (const [place, { statement, digest }] of sealed.entries()) {
      const { line, seq, id, head, era, sealedAt } = statement;
      const index = on.edge.size + place;
      added.add(line, { seq, digest, id, index, about: isAboutLog(head) });
      indexes.set(id, index);
      if (isAboutLog(head)) about.push({ index, head, era, sealedAt });
    }
    const { edge, written: files } = extend(on.edge, sealed);
    const checkpoint = { origin: on.checkpoint.origin, size: edge.size, root: edgeRoot(edge) };
    const its = named.map(({ id }) => indexes.get(id) as number);
    return { indexes: its, fresh: fresh.length, added, about, files, after: { edge, checkpoint, added } };
  };
  const made = finish();
  for (const it of [begun, made]) it.catch(() => undefined); // told to whoever waits for it
  return { on, begun, made };
}

type Named = TimedDraft & { readonly id: string };

/** Statements, each in its line, in the order of the drafts. */
async function signed(
  drafts: readonly Named[],
  kept: Iterator<Payload>,
  { on, added, means }: { readonly on: Standing; readonly added: Additions; readonly means: Means },
): Promise<readonly (Signed & { readonly statement: Statement })[]> {
  const lines = new Map<string, Statement[]>();
  const afterCheckpoint = { size: on.checkpoint.size, root: on.checkpoint.root.toString('base64') };
  const all = drafts.map(({ draft, id, sealedAt }): Statement => {
    const { body, demo, subjects } = draft;
    const line = lineOf(body);
    const its = lines.get(line) ?? [];
    lines.set(line, its);
    const { seq: before, digest: prev } = added.last(line);
    const payloads = Array.from({ length: 1 + subjects.length }, () => kept.next().value as Payload);
    const seq = before + its.length + 1;
    const statement = { id, line, seq, prev, head: headOf(body), demo, sealedAt, era: eraOf(draft, sealedAt), payloads, afterCheckpoint };
    its.push(statement);
    return statement;
  });
  const chains: Chain[] = [];
  for (const statements of lines.values()) {
    const [first] = statements as [Statement];
    chains.push({ statements, signer: await means.signer(signerOf(first.head)) });
  }
  const its = new Map<Statement, Signed>();
  for (const [place, those] of (await signChains(chains)).entries()) those.forEach((one, at) => void its.set(chains[place]?.statements[at] as Statement, one));
  return all.map((statement) => ({ ...(its.get(statement) as Signed), statement }));
}

/** Each draft with the time at which it is sealed. */
export const timed = (drafts: readonly Draft[], clock: () => Instant): readonly TimedDraft[] => drafts.map((draft) => ({ draft, sealedAt: clock() }));
