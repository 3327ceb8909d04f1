import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { initialize } from '../src/app/initialize.ts';
import { openWorkspace } from '../src/app/open.ts';
import { inTurn } from '../src/app/turn.ts';
import type { Workspace } from '../src/app/views.ts';
import { openDatabase } from '../src/store/database.ts';
import { openStore } from '../src/store/store.ts';
import { openScratch } from '../src/store/scratch.ts';
import { type Turns, turnsIn } from '../src/store/turns.ts';

const dir = mkdtempSync(join(tmpdir(), 'asked-once-'));
const env = { ...process.env, SLACK: 'xoxp-of-the-tests' };
const MARIA = { id: 'U1', name: 'maria', deleted: false, is_bot: false, profile: { email: 'maria.lopez@acme.example' } };
let vendor: Server;
let workspace: Workspace;
/** Requests that wait for an answer, now and at the most at once. */
const asked = { now: 0, most: 0, all: 0 };
let hold: Promise<void> = Promise.resolve();

beforeAll(async () => {
  vendor = createServer((request, response) => {
    asked.all++;
    asked.most = Math.max(asked.most, ++asked.now);
    void hold.then(() => {
      asked.now--;
      const about = { ok: true, user: 'audit', team: 'Acme', team_id: 'T0ACME', members: [MARIA], response_metadata: { next_cursor: '' } };
      response.setHeader('content-type', 'application/json').end(JSON.stringify(about));
    });
    request.resume();
  });
  await new Promise<void>((resolve) => vendor.listen(0, '127.0.0.1', resolve));
  const endpoint = `http://127.0.0.1:${(vendor.address() as AddressInfo).port}`;
  initialize(dir, { company: 'Acme', timezone: 'UTC', period: '2026-01-01..2027-01-01' });
  const yaml = join(dir, 'tickmark.yaml');
  const source = `{ collector: slack/users, name: chat, config: { team: T0ACME, endpoint: "${endpoint}" }, credentials: { token: env:SLACK } }`;
  writeFileSync(yaml, readFileSync(yaml, 'utf8').replace('sources: []', `sources:\n  - ${source}`));
  workspace = await openWorkspace({ dir, env });
});
afterAll(async () => {
  await workspace.close();
  vendor.close();
  rmSync(dir, { recursive: true });
});

it('two processes at once ask a source one after the other, and the second says whom it waits for', async () => {
  const gate = Promise.withResolvers<void>();
  hold = gate.promise;
  const first = workspace.collect();
  await until(() => asked.now === 1);
  const other = spawn(process.execPath, ['bin/tickmark.js', 'collect', '--workspace', dir], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const [said, ended] = [heard(other.stderr), ending(other)];
  await until(() => said().includes('waits'));
  expect(said()).toMatch(new RegExp(`"collect slack/users/chat T0ACME" waits: \\S+/${process.pid}/\\S+ is at it since .*\\. It is asked when that has ended`));
  expect(asked).toMatchObject({ now: 1, most: 1 });
  gate.resolve();
  const [here] = await first;
  expect([here?.complete, await ended]).toEqual([true, 0]);
  expect(asked.most).toBe(1);
  const runs = await workspace.runsOf({ collector: 'slack/users', name: 'chat', before: null, limit: 5 });
  expect(runs.map(({ outcome }) => outcome)).toEqual(['success', 'success']);
  expect((runs[0]?.startedAt ?? 0) >= (runs[1]?.finishedAt ?? Infinity)).toBe(true);
});

it('a turn that nobody keeps is taken by the next, and what the first was told does not count', async () => {
  const database = await openDatabase({ dir: join(dir, 'turns') });
  await openStore(database, openScratch(join(dir, 'turns-scratch')));
  const turns = turnsIn(() => database);
  let slept = false;
  const silent: Turns = { ...turns, keep: async (...its) => (slept ? turns.keep(...its) : true) };
  const waited: string[] = [];
  const asleep = Promise.withResolvers<void>();
  const first = inTurn(silent, 'collect a b', { lasts: 300 }, async (still) => {
    await asleep.promise;
    slept = true;
    await still();
    return 'first';
  });
  await until(async () => (await turns.take('collect a b', 'probe', 1)) !== null);
  const second = inTurn(turns, 'collect a b', { lasts: 5000, waits: (what) => void waited.push(what) }, async (still) => {
    asleep.resolve();
    await expect(first).rejects.toThrow('"collect a b" was begun by another process, for nothing was heard of this one in 0.3 seconds');
    await still();
    return 'second';
  });
  expect(await second).toBe('second');
  expect(waited).toEqual(['collect a b']);
  const aborted = AbortSignal.abort(new Error('nobody waits'));
  await expect(inTurn(turns, 'collect a b', { signal: aborted }, async () => 'third')).rejects.toThrow('nobody waits');
  expect(await turns.take('collect a b', 'next', 1)).toBe(null); // it was given back
  await database.close();
});

async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  for (const end = Date.now() + 60_000; !(await holds()); ) {
    if (Date.now() > end) throw new Error('it did not come to pass');
    await new Promise((done) => setTimeout(done, 20));
  }
}

function heard(stream: NodeJS.ReadableStream): () => string {
  let all = '';
  stream.on('data', (chunk: Buffer) => {
    all += String(chunk);
  });
  return () => all;
}

const ending = (child: ChildProcess) => new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)));
