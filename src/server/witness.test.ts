import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { entries, type TinyLog, tinyLog } from '../anchors/testing/tiny-log.ts';
import { type Cosigner, openWitness } from '../app/witness.ts';
import { formatAddCheckpoint } from '../log/add-checkpoint.ts';
import { sha256hex } from '../log/merkle.ts';
import { witnessPages } from './witness.ts';

describe('a witness over HTTP', () => {
  const root = mkdtempSync(join(tmpdir(), 'witness-'));
  let log: TinyLog;
  let cosigner: Cosigner;
  beforeAll(async () => {
    log = tinyLog(join(root, 'log'));
    cosigner = await openWitness({ dir: join(root, 'w'), name: 'auditor.example/w', logs: [join(root, 'log/log/log.json')] });
  });
  afterAll(() => {
    cosigner.close();
    rmSync(root, { recursive: true });
  });
  const ask = async (path: string, body?: string) => {
    const response = await witnessPages(cosigner).request(path, body === undefined ? {} : { method: 'POST', body });
    return { status: response.status, type: response.headers.get('content-type'), text: await response.text() };
  };

  it('says who it is, and which logs it knows', async () =>
    expect(await ask('/')).toMatchObject({ status: 200, text: `witness ${cosigner.vkey}\nlog ${log.vkey}\n` }));

  it('signs, says what it knows, and shows what it signed', async () => {
    const { note } = log.publish(entries(3));
    const path = `/${sha256hex(Buffer.from(log.signer.name))}/checkpoint`;
    expect(await ask(path)).toMatchObject({ status: 404 });
    const { status, type, text } = await ask('/add-checkpoint', formatAddCheckpoint({ old: 0, proof: [], note }));
    expect({ status, type }).toEqual({ status: 200, type: 'text/plain; charset=utf-8' });
    expect(text).toMatch(/^\u2014 auditor\.example\/w [A-Za-z0-9+/]{102}==\n$|^\u2014 auditor\.example\/w [A-Za-z0-9+/=]{104}\n$/);
    expect(await ask(path)).toMatchObject({ status: 200, text: `${note}${text}` });
    expect(await ask('/add-checkpoint', formatAddCheckpoint({ old: 0, proof: [], note }))).toEqual({ status: 409, type: 'text/x.tlog.size', text: '3\n' });
  });

  it.each([
    ['a body that is too long', '/add-checkpoint', 'x'.repeat(65_537), 413],
    ['a body that is none', '/add-checkpoint', '', 400],
    ['another way', '/sign-subtree', '', 404],
  ])('answers %s', async (_, path, body, status) => expect(await ask(path, body)).toMatchObject({ status }));
});

it('is told its logs by key or by file, and refuses what is neither', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'witness-'));
  const given = { dir: join(dir, 'w'), name: 'w' };
  await expect(openWitness({ ...given, logs: ['nothing'] })).rejects.toMatchObject({
    code: 'CONFIGURATION',
    message: expect.stringContaining('not the key of a log'),
  });
  await expect(openWitness({ ...given, logs: [import.meta.filename] })).rejects.toMatchObject({
    code: 'CONFIGURATION',
    message: expect.stringContaining('is not a log.json'),
  });
  rmSync(dir, { recursive: true });
});
