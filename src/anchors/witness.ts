import { IncompleteError, IntegrityError } from '../core/error.ts';
import { formatAddCheckpoint } from '../log/add-checkpoint.ts';
import { type Cosignature, cosignatures } from '../log/cosignature.ts';
import type { Hash } from '../log/merkle.ts';
import { type NoteVerifier, parseNote } from '../log/note.ts';
import type { Post } from './post.ts';

/** A witness that the configuration names. */
export interface Witness {
  /** What `/add-checkpoint` is appended to. */
  readonly url: string;
  readonly key: NoteVerifier;
}

export interface Brought {
  readonly size: number;
  /** The signed note. */
  readonly note: string;
  /** How a tree of this size is continued by it. */
  proof(earlier: number): Promise<readonly Hash[]>;
}

/**
 * C2SP tlog-witness: brings a checkpoint to a witness that saw a tree of `known` leaves last, as far as we know, and
 * answers with its cosignature. Throws `IncompleteError` where there is none, `IntegrityError` with ROLLBACK or FORK where
 * the witness holds another history than we do.
 */
export async function bringToWitness({ url, key }: Witness, brought: Brought, known: number, post: Post): Promise<Cosignature> {
  const address = `${url.replace(/\/$/, '')}/add-checkpoint`;
  const ask = async (old: number) =>
    post(address, 'text/plain; charset=utf-8', Buffer.from(formatAddCheckpoint({ old, proof: await brought.proof(old), note: brought.note })));

  let old = Math.min(known, brought.size);
  let answer = await ask(old);
  if (answer.status === 409) {
    const its = sizeOf(answer.body);
    // Before version 1.1 of the protocol this was also the answer to another root of the same size.
    if (its === brought.size && old === its) throw forked(key, old);
    if (its === null || its === old) throw new IncompleteError(`${key.name}: answered 409 without the size that it knows`);
    if (its > brought.size)
      throw new IntegrityError(
        'ROLLBACK',
        `the witness ${key.name} has signed this log at size ${its}, but it is brought at size ${brought.size}: an older state was put back, and ${its - brought.size} records are gone`,
      );
    old = its;
    answer = await ask(old);
  }
  if (answer.status === 422) throw forked(key, old);
  if (answer.status !== 200) throw new IncompleteError(`${key.name}: ${IN_WORDS[answer.status] ?? `answered ${answer.status}`}${said(answer.body)}`);
  return cosignatureIn(answer.body, brought.note, key);
}

const forked = ({ name }: NoteVerifier, size: number) =>
  new IntegrityError('FORK', `the witness ${name} has signed another history of this log: what it saw at size ${size} is not what stands here`);

const IN_WORDS: Readonly<Record<number, string>> = {
  403: 'does not take the signature of this log for good. Give it the key that "tickmark log status" shows',
  404: 'does not know this log. Give it the key that "tickmark log status" shows',
};

function sizeOf(body: Buffer): number | null {
  const [, size] = /^(0|[1-9]\d{0,15})\n$/.exec(body.toString('latin1')) ?? [];
  return size === undefined ? null : Number(size);
}

const said = (body: Buffer): string => {
  const [line = ''] = body.toString('utf8').split('\n');
  return /^[\x20-\x7e]{1,200}$/.test(line) ? ` (${line})` : '';
};

/** What the witness answered, read as lines of our note: lines of strangers are dropped, a bad one of its own is an error. */
function cosignatureIn(body: Buffer, note: string, key: NoteVerifier): Cosignature {
  const { text } = parseNote(Buffer.from(note));
  const found = cosignatures(Buffer.concat([Buffer.from(`${text}\n`), body]), [key]);
  const [newest] = found.toSorted((a, b) => b.at - a.at);
  if (!newest) throw new IncompleteError(`${key.name}: answered without a cosignature by the key that is configured`);
  return newest;
}
