import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { masterKey } from '../evidence/master-key.ts';
import { rewrapped } from '../evidence/shared-keys.ts';
import { type Database, openDatabase } from '../store/database.ts';
import { dump } from '../store/dump.ts';
import { migrate } from '../store/migrate.ts';
import { credentialsOf } from './credentials.ts';

const dir = mkdtempSync(join(tmpdir(), 'credentials-'));
let database: Database;
beforeAll(async () => {
  database = await openDatabase({ dir });
  await migrate(database.sql);
});
afterAll(async () => {
  await database.close();
  rmSync(dir, { recursive: true });
});

const master = masterKey(randomBytes(32));
const kept = (its = master, origin = 'acme.tickmark.internal') => credentialsOf({ origin, database: () => database, master: () => its });
const OKTA = { collector: 'okta/users', name: 'main' };

it('keeps credentials as ciphertext, in the database and in backups', async () => {
  await kept().keep(OKTA, { token: 'first-secret' });
  await kept().keep(OKTA, { token: 'second-secret', key: 'third-secret' });
  await kept().keep({ ...OKTA, name: 'main-2' }, { token: 'of-another' });
  expect(await kept().of(OKTA)).toEqual({ key: 'third-secret', token: 'second-secret' });
  const { tables } = await dump(database);
  const rows = tables.find(({ name }) => name === 'keys.secrets')?.rows as readonly { readonly path: string; readonly bytes: string }[];
  expect(rows.map(({ path }) => path).sort()).toEqual([
    'credentials/okta/users/main-2/token',
    'credentials/okta/users/main/key',
    'credentials/okta/users/main/token',
  ]);
  for (const { bytes } of rows) expect(Buffer.from(bytes.slice(2), 'hex').toString('latin1')).not.toMatch(/secret|of-another/);
});

it('opens them by the key of this log alone, and by a new one after a rotation', async () => {
  await expect(kept(masterKey(randomBytes(32))).of(OKTA)).rejects.toThrow('was wrapped by another master key');
  expect(await kept(master, 'other.tickmark.internal').of(OKTA)).toEqual({});
  const next = masterKey(randomBytes(32));
  const rows = await database.sql.selectFrom('keys.secrets').selectAll().execute();
  for (const { origin, path, bytes } of rows)
    await database.sql
      .updateTable('keys.secrets')
      .set({ bytes: rewrapped(origin, path, bytes, master, next) })
      .where('path', '=', path)
      .execute();
  expect(await kept(next).of(OKTA)).toEqual({ key: 'third-secret', token: 'second-secret' });
  for (const { path, bytes } of rows) await database.sql.updateTable('keys.secrets').set({ bytes }).where('path', '=', path).execute();
});

it('forgets what is no longer referred to, and remembers what it has had in its hands', async () => {
  const its = kept();
  expect(its.seen()).toEqual([]);
  await its.of(OKTA);
  expect([...its.seen()].sort()).toEqual(['second-secret', 'third-secret']);
  await its.only(OKTA, ['key']);
  expect(await its.of(OKTA)).toEqual({ key: 'third-secret' });
  expect(await its.of({ ...OKTA, name: 'main-2' })).toEqual({ token: 'of-another' });
});
