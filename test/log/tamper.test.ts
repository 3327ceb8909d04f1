import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { IntegrityError } from '../../src/core/error.ts';
import type { Problem } from '../../src/verify/problems.ts';
import { type NoteSigner, noteSigner } from '../../src/log/note.ts';
import { type Contents, readContents } from './crash-disk.ts';
import { draft, ORIGIN } from './drafts.ts';
import { open } from './examine.ts';
import { KIND_NAMES, type Mutation, mutation } from './mutations.ts';
import { cases, folder, SEED } from './scale.ts';
import { tally } from './tally.ts';

vi.mock('node:crypto', async (original) => {
  const { remembering } = await import('./remembered.ts');
  const its = await original<typeof import('node:crypto')>();
  return { ...its, verify: remembering(its.verify) };
});

/** A log of this size, sealed in a few batches by two collectors, and all its bytes. */
async function makeLog(size: number): Promise<{ readonly dir: string; readonly contents: Contents; readonly signer: NoteSigner }> {
  const dir = join(folder(), 'state');
  const archive = await open(dir);
  const drafts = Array.from({ length: size }, (_, index) => draft(`${index % 50}`, `${index % 3}`, index % 2 === 0 ? 'github/organization' : 'okta/users'));
  const batch = Math.max(1, Math.ceil(size / 3));
  for (let from = 0; from < size; from += batch) await archive.append(drafts.slice(from, from + batch));
  await archive.close();
  return { dir, contents: readContents(dir), signer: noteSigner(ORIGIN, readFileSync(join(dir, 'keys/log.pem'), 'utf8')) };
}

function put(dir: string, path: string, bytes: Buffer | null): void {
  const file = join(dir, path);
  rmSync(file, { force: true });
  mkdirSync(dirname(file), { recursive: true });
  if (bytes !== null) writeFileSync(file, bytes);
}

/** What verifying says, of a folder that may be so broken that it does not even open. */
async function problemsOf(dir: string): Promise<readonly Problem[]> {
  try {
    const archive = await open(dir, { make: false });
    const { problems } = await archive.verify();
    await archive.close();
    return problems;
  } catch (error) {
    if (error instanceof IntegrityError)
      return [{ code: error.code, file: /log\/log\.json/.exec(error.message)?.[0] ?? null, index: null, says: error.message }];
    if (error instanceof Error && /there is no log in/.test(error.message)) return [{ code: 'NO_LOG', file: 'log/log.json', index: null, says: error.message }];
    throw error;
  }
}

/** What is amiss with a verification, or `null` where it is as it must be. */
function missed({ what, names, indexes }: Mutation, problems: readonly Problem[]): string | null {
  if (problems.length === 0) return `${what}: not detected`;
  const said = JSON.stringify(problems.slice(0, 4));
  if (!problems.some(({ file }) => file !== null && names.includes(file))) return `${what}: names none of ${names.slice(0, 4).join()}: ${said}`;
  if (indexes.length > 0 && !problems.some(({ index }) => index !== null && indexes.includes(index)))
    return `${what}: does not name ${indexes.join()}: ${said}`;
  return null;
}

describe('tampering', () => {
  it.each([
    [1, cases(180, 4_000)],
    [255, cases(20, 1_800)],
    [256, cases(20, 1_800)],
    [257, cases(20, 1_800)],
    [1500, cases(3, 600)],
  ])(
    'is found out in a log of %i records, with its file and its record',
    async (size, numRuns) => {
      const { dir, contents, signer } = await makeLog(size);
      expect(await problemsOf(dir)).toEqual([]);
      const [found, kinds]: [string[], Set<string>] = [[], new Set()];
      let tried = 0;
      await fc.assert(
        fc.asyncProperty(fc.constantFrom(...KIND_NAMES), fc.array(fc.nat(), { minLength: 6, maxLength: 6 }), async (kind, numbers) => {
          let next = 0;
          const made = mutation(kind, contents, (options) => (numbers[next++] ?? 0) % Math.max(1, options), signer);
          fc.pre(made !== null);
          tried++;
          kinds.add(kind);
          for (const [path, bytes] of made.changes) put(dir, path, bytes);
          const says = missed(made, await problemsOf(dir));
          for (const path of made.changes.keys()) put(dir, path, contents.get(path) ?? null);
          if (says !== null) found.push(says);
        }),
        { numRuns, seed: SEED + size, maxSkipsPerRun: 1000 },
      );
      tally('tampering', `${size} records`, tried, found.length, { says: `${kinds.size} of ${KIND_NAMES.length} kinds` });
      expect(found.slice(0, 10)).toEqual([]);
      expect(await problemsOf(dir)).toEqual([]);
    },
    3_600_000,
  );

  it('is not found where there is none', async () => {
    const root = folder();
    const alarms: string[] = [];
    let made = 0;
    const batches = fc.array(fc.array(fc.tuple(fc.constantFrom('a', 'b'), fc.constantFrom('x/y', 'z'), fc.string()), { maxLength: 4 }), { maxLength: 4 });
    const numRuns = cases(15, 1_000);
    await fc.assert(
      fc.asyncProperty(batches, fc.boolean(), async (all, reopens) => {
        const dir = join(root, `${made++}`);
        let archive = await open(dir);
        for (const batch of all) {
          await archive.append(batch.map(([name, collector, text]) => draft(text, name, collector)));
          if (!reopens) continue;
          await archive.close();
          archive = await open(dir);
        }
        alarms.push(...(await archive.verify()).problems.map(({ says }) => `${JSON.stringify(all)}: ${says}`));
        await archive.close();
        rmSync(dir, { recursive: true });
      }),
      { numRuns, seed: SEED },
    );
    tally('tampering', 'clean logs', made, alarms.length);
    expect(alarms).toEqual([]);
    expect(made).toBe(numRuns);
  }, 3_600_000);
});
