import { IntegrityError } from '../core/error.ts';
import { type Duration, hours, type Instant } from '../core/instant.ts';
import { checkpointName } from '../log/checkpoint.ts';
import { cosignatures } from '../log/cosignature.ts';
import type { Anchors, Place } from './attend.ts';
import type { Authority } from './authority.ts';
import { type Confirmed, cosignedFile, keptCosigned, type KeptToken, keptTokens, publishedFile, textOf, tokenFile } from './kept.ts';
import { authorityId, NEVER_VISITED, readMemory, type Visit, witnessId } from './memory.ts';
import { readTimestamp } from './timestamp.ts';
import type { Witness } from './witness.ts';

/** One witness or authority, and the newest checkpoint that it confirmed. */
export interface Standing {
  readonly kind: 'witness' | 'authority';
  readonly name: string;
  readonly url: string;
  readonly newest: { readonly size: number; readonly at: Instant } | null;
  /** It confirmed the newest checkpoint there is. */
  readonly current: boolean;
  /** Our clock less theirs when they last answered. */
  readonly ahead: Duration | null;
  readonly trouble: { readonly since: Instant; readonly code: string; readonly says: string } | null;
}

/** Who has confirmed the newest published checkpoint, and who has not. */
export interface Attended {
  readonly size: number;
  readonly root: string;
  readonly standings: readonly Standing[];
  readonly quorum: number;
  readonly witnessed: boolean;
  readonly timestamped: boolean;
  /** What somebody has to look at: each with its code. */
  readonly complaints: readonly { readonly code: string; readonly says: string; readonly grave: boolean }[];
}

/** A silence that lasts longer is reported. */
const PATIENCE = hours(1);
/** Between our clock and that of an authority: more is worth a warning, and more still a report. */
const WARN = 5_000;
const REPORT = 60_000;
/** Cosigned notes that are opened to find what a witness signed last. */
const SEARCHED = 50;

/** Reads what is kept, and verifies the newest of each. `since` is when the newest checkpoint was made. */
export async function attended(
  place: Place,
  { witnesses, quorum, authorities }: Anchors,
  { now, since }: { readonly now: Instant; readonly since: Instant },
): Promise<Attended> {
  const { checkpoint } = await place.reader.checkpoint();
  const name = checkpointName(checkpoint);
  const [memory, tokens, cosigned] = [await readMemory(place.store), await keptTokens(place.store), await keptCosigned(place.store)];
  const standings = await Promise.all([
    ...authorities.map((authority) => ofAuthority(place, authority, tokens, name, memory.get(authorityId(authority.name)) ?? NEVER_VISITED)),
    ...witnesses.map((witness) => ofWitness(place, witness, cosigned, name, memory.get(witnessId(witness.key.name)) ?? NEVER_VISITED)),
  ]);
  const current = (kind: Standing['kind']) => standings.filter((it) => it.kind === kind && it.current).length;
  const [witnessed, timestamped] = [quorum > 0 && current('witness') >= quorum, current('authority') > 0];
  return {
    size: checkpoint.size,
    root: checkpoint.root.toString('base64'),
    standings,
    quorum,
    witnessed,
    timestamped,
    complaints: [
      ...standings.flatMap((standing) => complaintsOf(standing, { now, since })),
      ...(quorum > 0 && !witnessed && now - since > PATIENCE
        ? [
            {
              code: 'UNWITNESSED',
              says: `${current('witness')} of ${quorum} witnesses that the quorum asks for have signed the newest checkpoint`,
              grave: false,
            },
          ]
        : []),
    ],
  };
}

async function ofAuthority(place: Place, authority: Authority, tokens: readonly KeptToken[], name: string, { ahead, failing }: Visit): Promise<Standing> {
  const kept = tokens.findLast((token) => token.authority === authority.name);
  const read = kept && (await readKept(async () => ({ size: kept.size, at: await timeOfToken(place, authority, kept) })));
  return standing({ kind: 'authority', name: authority.name, url: authority.url, current: kept?.name === name, ahead, failing }, read);
}

async function timeOfToken({ store, reader }: Place, { trust, name: authority }: Authority, { name }: Confirmed): Promise<Instant> {
  const [note, token] = [await reader.archived(name), await store.read(tokenFile(name, authority))];
  if (!note || !token) throw new IntegrityError('MISSING', `${publishedFile(name)} is missing, but not its timestamp`);
  return readTimestamp(token, { text: textOf(note), trust, policy: null, nonce: null }).at;
}

async function ofWitness({ store }: Place, { url, key }: Witness, cosigned: readonly Confirmed[], name: string, { ahead, failing }: Visit): Promise<Standing> {
  const read = await readKept(async () => {
    for (const kept of cosigned.slice(-SEARCHED).toReversed()) {
      const note = await store.read(cosignedFile(kept.name));
      const [its] = note ? cosignatures(note, [key]) : [];
      if (its) return { ...kept, at: its.at };
    }
    return undefined;
  });
  return standing({ kind: 'witness', name: key.name, url, current: read?.newest?.name === name, ahead, failing }, read);
}

interface Read<Newest> {
  readonly newest: Newest | undefined;
  readonly error: IntegrityError | null;
}

async function readKept<Newest>(act: () => Promise<Newest | undefined>): Promise<Read<Newest>> {
  try {
    return { newest: await act(), error: null };
  } catch (error) {
    if (!(error instanceof IntegrityError)) throw error;
    return { newest: undefined, error };
  }
}

function standing(
  { failing, current, ...its }: Omit<Standing, 'newest' | 'trouble'> & Pick<Visit, 'failing'>,
  read: Read<{ readonly size: number; readonly at: Instant }> | undefined,
): Standing {
  const newest = read?.newest ? { size: read.newest.size, at: read.newest.at } : null;
  const error = read?.error ?? null;
  const trouble = error ? { since: 0, code: error.code, says: error.message } : failing && { since: failing.since, code: failing.code, says: failing.says };
  return { ...its, current: current && newest !== null, newest, trouble };
}

const OTHER_HISTORY = ['ROLLBACK', 'FORK'];

function complaintsOf(
  { kind, name, current, ahead, trouble }: Standing,
  { now, since }: { readonly now: Instant; readonly since: Instant },
): Attended['complaints'] {
  const who = kind === 'witness' ? `the witness ${name}` : `the time-stamping authority ${name}`;
  const [code, says] = [trouble?.code ?? '', trouble?.says ?? ''];
  const skew = Math.abs(ahead ?? 0);
  const off = `this machine's clock is ${Math.round(skew / 1000)} s ${(ahead ?? 0) > 0 ? 'ahead of' : 'behind'} that of ${who}`;
  return [
    ...(OTHER_HISTORY.includes(code) || trouble?.since === 0 ? [{ code, says, grave: true }] : []),
    ...(!current && !OTHER_HISTORY.includes(code) && now - Math.min(since, trouble?.since ?? since) > PATIENCE
      ? [
          {
            code: kind === 'witness' ? 'WITNESS_SILENT' : 'AUTHORITY_SILENT',
            says: `${who} has not confirmed the newest checkpoint: ${says || 'it was not asked yet'}`,
            grave: false,
          },
        ]
      : []),
    ...(skew > REPORT ? [{ code: 'CLOCK', says: `${off}. Set it by NTP: what is sealed bears this time`, grave: false }] : []),
    ...(skew > WARN && skew <= REPORT ? [{ code: 'CLOCK_DRIFT', says: off, grave: false }] : []),
  ];
}
