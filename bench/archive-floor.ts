import { createCipheriv, generateKeyPairSync, hash, randomBytes, sign, verify } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { canonical, type Json } from '../src/core/canonical.ts';
import { fingerprintOf } from '../src/evidence/keystore.ts';
import { headOf } from '../src/evidence/record.ts';
import { wrapSecrets } from '../src/evidence/wrap.ts';
import { keyDigestOf } from '../src/log/cipher.ts';
import { hmac } from '../src/log/hmac.ts';
import { leafHash, sha256hex } from '../src/log/merkle.ts';
import { type Spelled, signSpelled, spell, type Statement, statementSigner, vouch } from '../src/log/statement.ts';
import { compressed } from '../src/log/zstd.ts';
import { madeRun } from '../test/run-draft.ts';

/**
 * What each step costs that an append and a verification cannot do without, measured alone: in one thread, and in as
 * many at once as there are processors, for two threads of one core slow each other down. `npm run bench -- floor`.
 */
interface Step {
  readonly name: string;
  /** How often for each record. */
  readonly times: number;
  run(): unknown;
}

export interface Floor {
  readonly of: 'append' | 'verify';
  readonly steps: readonly { readonly name: string; readonly times: number; readonly alone: number; readonly together: number }[];
  /** Microseconds a record if all threads are busy with nothing else all the time. */
  readonly floor: number;
}

const KEYS = 512;
const block = randomBytes(4096);
const key = randomBytes(32);
const draft = madeRun({ body: { partition: 'p1', every: 86_400_000 }, artifacts: { members: block } });
const said = { body: draft.body, subjects: draft.subjects.map(({ bytes: _, ...rest }) => ({ ...rest, sha256: sha256hex(block) })) };
const detail = Buffer.from(canonical(said as unknown as Json));
const [small, large] = [compressed(detail), compressed(block)];
const payload = { digest: sha256hex(large), keyDigest: keyDigestOf(key), size: 4096, place: { pack: sha256hex(small), offset: 100_000, length: large.length } };
const statement: Statement = {
  id: randomBytes(16).toString('hex'),
  line: 'github/organization acme p1',
  seq: 12,
  prev: sha256hex(key),
  head: headOf(draft.body),
  demo: true,
  sealedAt: 1_770_000_000_000,
  era: 'evidence/2026-Q1',
  payloads: [payload, payload],
  afterCheckpoint: { size: 256, root: hash('sha256', key, 'base64') },
};
const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const signer = statementSigner(pair.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString());
const spelled: Spelled = spell(statement);
const sealed = signSpelled(spelled, statement.prev, signer);
const text = Buffer.from(`${spelled.before}"${statement.prev}"${spelled.after}`);
const signature = sign('sha256', text, pair.privateKey);
const secrets = Array.from({ length: KEYS }, () => key);
const counter = Buffer.alloc(16);
const encrypted = (bytes: Buffer): Buffer => createCipheriv('aes-256-ctr', key, counter).update(bytes);

const APPEND: readonly Step[] = [
  { name: 'P-256 signature', times: 1, run: () => sign('sha256', text, pair.privateKey) },
  { name: 'zstd of the detail and of 4 KiB, contexts kept', times: 1, run: () => [compressed(detail), compressed(block)] },
  { name: 'keys of both payloads (HMAC)', times: 1, run: () => [hmac(key, small), hmac(key, large)] },
  { name: 'AES-256 of both', times: 1, run: () => [encrypted(small), encrypted(large)] },
  { name: 'SHA-256 of both ciphertexts, and of both keys', times: 1, run: () => [sha256hex(small), sha256hex(large), keyDigestOf(key), keyDigestOf(key)] },
  { name: 'both keys wrapped', times: 2 / KEYS, run: () => wrapSecrets(key, secrets) },
  { name: 'the detail: SHA-256 of the artifact, canonical JSON', times: 1, run: () => [sha256hex(block), Buffer.from(canonical(said as unknown as Json))] },
  { name: 'whether it was said before (HMAC of its digest)', times: 1, run: () => fingerprintOf(key, payload.digest) },
  { name: 'the statement, canonical', times: 1, run: () => spell(statement) },
  {
    name: 'envelope and entry, base64, without the signature',
    times: 1,
    run: () => [text.toString('base64'), hash('sha256', text, 'base64'), Buffer.from(text)],
  },
  { name: 'SHA-256 of envelope, entry and share of the pack', times: 1, run: () => [sha256hex(sealed.envelope), leafHash(sealed.leaf), sha256hex(block)] },
];

const VERIFY: readonly Step[] = [
  { name: 'P-256 verification', times: 1, run: () => verify('sha256', text, pair.publicKey, signature) },
  {
    name: 'envelope and entry compared, without the signature',
    times: 1,
    run: () => [Buffer.from(text.toString('base64'), 'base64'), sha256hex(sealed.envelope), leafHash(sealed.leaf)],
  },
  { name: 'what the statement says (JSON)', times: 1, run: () => JSON.parse(text.toString('utf8')) },
  { name: 'SHA-256 of both payloads and of their pack', times: 1, run: () => [sha256hex(small), sha256hex(large), sha256hex(block)] },
];

/** Microseconds: the best of many short rounds, for whatever else runs only makes it longer. */
function costOf({ run }: Step): number {
  for (let count = 0; count < 200; count++) run();
  let best = Number.POSITIVE_INFINITY;
  const each = Math.max(1, Math.round(200 / Math.max(1, timed(run, 5))));
  for (let round = 0; round < 200; round++) best = Math.min(best, timed(run, each) / each);
  return best;
}

function timed(run: Step['run'], times: number): number {
  const started = performance.now();
  for (let count = 0; count < times; count++) run();
  return (performance.now() - started) * 1000;
}

const STEPS = { append: APPEND, verify: VERIFY };

export async function floors(): Promise<readonly Floor[]> {
  const threads = availableParallelism();
  vouch(0, sealed.leaf, sealed.envelope); // what is measured is what is sealed
  const alone = { append: APPEND.map(costOf), verify: VERIFY.map(costOf) };
  const others = Array.from({ length: threads - 1 }, () => new Worker(new URL(import.meta.url), { workerData: 'floor' }));
  await Promise.all(others.map((it) => new Promise((begun) => void it.once('message', begun))));
  const together = { append: APPEND.map(costOf), verify: VERIFY.map(costOf) };
  await Promise.all(others.map((it) => it.terminate()));
  return (['append', 'verify'] as const).map((of) => {
    const steps = STEPS[of].map(({ name, times }, place) => ({ name, times, alone: alone[of][place] ?? 0, together: together[of][place] ?? 0 }));
    return { of, steps, floor: steps.reduce((sum, step) => sum + step.times * step.together, 0) / threads };
  });
}

/** The same work beside it for ever, so that the threads have the processors to themselves as little as in an append. */
if (!isMainThread && workerData === 'floor') {
  for (let round = 0; ; round++) {
    for (const step of [...APPEND, ...VERIFY]) for (let count = 0; count < 20; count++) step.run();
    if (round === 20) parentPort?.postMessage('at work');
  }
}
