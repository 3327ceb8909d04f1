import { createHash, hash } from 'node:crypto';
import { join } from 'node:path';
import { openArchive } from '../../src/evidence/directory.ts';
import { Files } from '../../src/evidence/files.ts';
import { leafHash, rootOf } from '../../src/log/merkle.ts';
import { verifyLog } from '../../src/verify/log.ts';
import { madeRun } from '../../test/run-draft.ts';
import type { Bench, Workload } from '../harness/bench.ts';
import type { Participant } from '../harness/measure.ts';
import { quantile } from '../harness/measure.ts';
import { random } from '../harness/random.ts';
import { DAY, START, V0, yearOf } from '../iam/year.ts';
import { repository } from '../peers/git.ts';

const OURS = 'Tickmark: signatures, payloads, tree';
const GIT = 'git fsck --full';
const MERKLE = 'bare Merkle tree over the same entries';

export const verify: Workload = {
  id: 'W9',
  title: 'A log verified from nothing, and proofs from it',
  why: 'Every record has a signature to verify, which is three quarters of the computing, and its payload is read and hashed; the bare tree hashes entries that are at hand. git has no signatures to verify. A proof is made from tiles that are read from the disk and verified against their checkpoint first, as nobody is given a proof from bytes that were not looked at.',
  async run(bench) {
    const [users, days, records] = [bench.options.users ?? 1000, bench.options.days ?? 365, bench.options.records ?? 5000];
    bench.size(`${days} daily answers of ${users.toLocaleString('en')} users; ${records.toLocaleString('en')} records of 1 KiB`);
    const year = yearOf({ users, days, ...V0 });
    const answers = year.snapshots.map((rows) => Buffer.from(JSON.stringify(rows)));
    const log = await logOf(bench, 'year', answers, 30);
    const compared = await bench.compare('a year', [...log, committed(bench, answers)], { pairs: 3, digest: (count) => count });
    bench.goal('a year', compared.median(OURS), { most: 1000 }, 'ms');
    bench.goal('git fsck', compared.ratio(GIT), { least: 5 }, 'x');

    const its = random(42);
    const small = Array.from({ length: records }, () => Buffer.from(Uint8Array.from({ length: 1024 }, () => its.below(256))));
    const many = await logOf(bench, 'many', small, 250);
    const counted = await bench.compare('many small records', many, { pairs: 3, digest: (count) => count });
    await bench.profile('verifying many small records', () => many[0]?.run(0));
    const took = counted.median(OURS);
    bench.goal('a second, with signatures and payloads', took === null ? null : (records * 1000) / took, { least: 10_000 }, 'records');
    bench.goal('of the bare Merkle tree', counted.ratio(MERKLE), { least: 0.6 }, 'x');
    bench.goal('an inclusion proof', await proofs(bench, records), { most: 1 }, 'ms');
  },
};

/** A log of these payloads, and the ways to read it through again. */
async function logOf(bench: Bench, name: string, payloads: readonly Buffer[], batch: number): Promise<readonly Participant<string>[]> {
  const dir = join(bench.dir, name);
  let now = START;
  const archive = await openArchive({ dir, clock: () => now, origin: 'bench.example' });
  const every = Math.floor(DAY / batch / 2); // what is sealed later than a day after its slot is a problem
  for (let start = 0; start < payloads.length; start += batch) {
    const drafts = payloads
      .slice(start, start + batch)
      .map((bytes, place) => madeRun({ body: { slot: START + (start + place) * every, every }, artifacts: { users: bytes } }));
    now = START + (start + drafts.length) * every;
    await archive.append(drafts);
  }
  const { size } = await archive.checkpoint();
  const entries = await Promise.all(Array.from({ length: size }, (_, index) => archive.entry(index)));
  await archive.close();
  return [
    {
      name: OURS,
      ours: true,
      async run() {
        const { records, problems } = await verifyLog(new Files(dir));
        return `${records} records, ${problems.length} problems`;
      },
    },
    {
      name: 'SHA-256 of the payloads',
      run() {
        const all = createHash('sha256');
        for (const bytes of payloads) all.update(hash('sha256', bytes, 'buffer'));
        return all.digest().length === 32 ? `${payloads.length} records, 0 problems` : '';
      },
    },
    { name: MERKLE, run: () => (rootOf(entries.map(leafHash)).length === 32 ? `${entries.length} records, 0 problems` : '') },
  ];
}

/** The same answers as commits, packed. */
function committed(bench: Bench, answers: readonly Buffer[]): Participant<string> {
  const git = repository(join(bench.dir, 'year-git'));
  for (const bytes of answers) git.commit('users.json', bytes.toString());
  git.run('gc', '-q');
  return {
    name: GIT,
    run() {
      git.run('fsck', '--full', '--strict');
      return `${git.run('rev-list', '--count', 'HEAD').trim()} records, 0 problems`;
    },
  };
}

/** Median of a proof for each of fifty records, in milliseconds. */
async function proofs(bench: Bench, records: number): Promise<number> {
  const archive = await openArchive({ dir: join(bench.dir, 'many'), clock: () => START });
  const its = random(7);
  const times: number[] = [];
  for (let count = 0; count < 50; count++) {
    const index = its.below(records);
    const started = performance.now();
    await archive.proof(index);
    times.push(performance.now() - started);
  }
  await archive.close();
  return quantile(times, 0.5);
}
