import type { Json } from '../core/canonical.ts';
import { IntegrityError } from '../core/error.ts';
import { isInstant } from '../core/instant.ts';
import { EMPTY_ROOT } from '../log/merkle.ts';
import { lineOf, type Unsealed } from '../log/statement.ts';

type Head = Unsealed['head'];

const whole = (value: unknown): boolean => Number.isSafeInteger(value) && Number(value) >= 0;
/** SHA-256, hex. A statement holds many: to walk them costs less than a pattern. */
function digest(value: unknown): boolean {
  if (typeof value !== 'string' || value.length !== 64) return false;
  for (let place = 0; place < 64; place++) if (HEX[value.charCodeAt(place)] !== 1) return false;
  return true;
}
const HEX = new Uint8Array(128);
for (const sign of '0123456789abcdef') HEX[sign.charCodeAt(0)] = 1;
/** A hash of a tree, base64, in its one spelling. */
const root = (value: unknown): boolean => typeof value === 'string' && /^[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=$/.test(value);
/** Part of a line: what is written there parts it from the next by a space. */
const word = (value: unknown): boolean => typeof value === 'string' && /^[^ ]+$/.test(value);

const OUTCOMES: readonly unknown[] = ['success', 'failure', 'skip'];

const isRun = ({ collector, name, partition, slot, every, outcome, startedAt, finishedAt }: Head): boolean =>
  word((collector as { readonly id?: unknown } | null | undefined)?.id) &&
  word(name) &&
  typeof partition === 'string' &&
  isInstant(startedAt) &&
  isInstant(finishedAt) &&
  isInstant(slot) &&
  (every === null || (whole(every) && every !== 0)) &&
  OUTCOMES.includes(outcome);

const isHeld = (what: Json | undefined): boolean =>
  typeof what === 'object' && what !== null && ('era' in what || 'source' in what || ('records' in what && Array.isArray(what.records)));

const isHead = (head: Head): boolean =>
  typeof head === 'object' &&
  typeof head?.kind === 'string' &&
  (head.kind !== 'run' || isRun(head)) &&
  (head.kind !== 'disposal' || (typeof head.era === 'string' && (head.payloads === 'all' || (Array.isArray(head.payloads) && head.payloads.every(digest))))) &&
  (head.kind !== 'hold' || isHeld(head.what)) &&
  (head.kind !== 'key' || [head.role, head.who, head.key].every((it) => typeof it === 'string'));

/** Throws `IntegrityError` where a statement does not say what one must: it is signed, and still only what somebody wrote. */
export function sound({ line, seq, prev, head, demo, sealedAt, era, payloads, afterCheckpoint, index }: Unsealed): void {
  const holds =
    typeof line === 'string' &&
    whole(seq) &&
    (prev === null || digest(prev)) &&
    isHead(head) &&
    typeof demo === 'boolean' &&
    isInstant(sealedAt) &&
    typeof era === 'string' &&
    whole(afterCheckpoint?.size) &&
    root(afterCheckpoint.root) &&
    (afterCheckpoint.size > 0 || afterCheckpoint.root === NOTHING) &&
    payloads.length > 0 &&
    payloads.every(
      (it) =>
        digest(it.digest) &&
        digest(it.keyDigest) &&
        whole(it.size) &&
        whole(it.place?.offset) &&
        whole(it.place.length) &&
        (it.place.pack === null || digest(it.place.pack)), // a name of a file, and nothing that leads elsewhere
    );
  if (!holds) throw new IntegrityError('STATEMENT', `record ${index} does not say what a statement must`);
  // Numbers, and slots, are counted by line: nothing else may stand in for a record that was dropped.
  if (line !== lineOf(head)) throw new IntegrityError('STATEMENT', `record ${index} stands in the line "${line}", and is of "${lineOf(head)}"`);
}

const NOTHING = EMPTY_ROOT.toString('base64');
