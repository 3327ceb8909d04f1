import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { Collector } from '../../src/collectors/collector.ts';
import { csvDataset } from '../../src/collectors/csv/dataset.ts';
import { days } from '../../src/core/instant.ts';
import { openSource } from '../../src/sources/open.ts';
import { missing } from '../postgres.ts';
import { recorded, root } from '../recorded.ts';

/** Python's csv writes the file, in the ways in which spreadsheets do, and reads it again: what it reads is what we must read. */
const PYTHON = `
import csv, json, random, sys
path, delimiter, quoting, ends, encoding, seed = sys.argv[1:7]
random.seed(seed)
pieces = ['ines', 'Müller', '"', '""', ',', ';', '\\t', ' ', 'a b', '=1+1', '\\n', '漢字', "O'Neil", '0', 'null']
cell = lambda: 'x' + ''.join(random.choice(pieces) for _ in range(random.randint(0, 6))) + 'x'
with open(path, 'w', newline='', encoding=encoding) as file:
    writer = csv.writer(file, delimiter=delimiter, quoting=getattr(csv, quoting), lineterminator={'lf': '\\n', 'crlf': '\\r\\n'}[ends])
    writer.writerow(['Id', 'Name', 'Shown'])
    for number in range(200): writer.writerow([str(number), cell(), cell()])
with open(path, newline='', encoding=encoding) as file: print(json.dumps(list(csv.reader(file, delimiter=delimiter))[1:]))
`;
const without = spawnSync('python3', ['--version']).error !== undefined;

it.skipIf(without && missing('Python', 'Install python3.')).each([
  [',', 'QUOTE_MINIMAL', 'lf', 'utf-8'],
  [',', 'QUOTE_ALL', 'crlf', 'utf-8-sig'],
  [';', 'QUOTE_MINIMAL', 'crlf', 'utf-8-sig'],
  [';', 'QUOTE_NONNUMERIC', 'lf', 'utf-8'],
  ['\t', 'QUOTE_MINIMAL', 'crlf', 'utf-8'],
] as const)('reads what Python wrote with delimiter %j, %s, %s, %s as Python reads it', async (delimiter, quoting, ends, encoding) => {
  const path = `${quoting}-${ends}-${encoding}.csv`;
  const { status, stdout, stderr } = spawnSync('python3', ['-I', '-c', PYTHON, join(root, path), delimiter, quoting, ends, encoding, '7'], {
    encoding: 'utf8',
  });
  expect([status, stderr]).toEqual([0, '']);
  const columns = {
    systemId: { value: 'crm' },
    userId: 'Id',
    login: 'Name',
    displayName: 'Shown',
    handles: { value: '' },
    kind: { value: 'human' },
    status: { value: 'active' },
  };
  const config = { path, dataset: 'identity.users', attestedBy: 'W-001', company: 'acme', generatedAt: '2026-06-01T06:00:00Z', columns, delimiter };
  const given = recorded(csvDataset, config, 'acme');
  const of = { config: given.config as never, partition: 'acme', at: given.at, after: null, since: given.at - days(90), timezone: 'UTC' };
  const { source } = openSource(csvDataset as unknown as Collector, { ...given, endpoint: null, clock: () => given.at, sleep: async () => undefined });
  const artifacts = [];
  for await (const artifact of csvDataset.collect(source as never, of)) artifacts.push(artifact);
  const [told] = csvDataset.normalize(artifacts, of);
  const rows = (told?.rows ?? []) as readonly { readonly userId: string; readonly login: string; readonly displayName: string }[];
  expect(rows.map(({ userId, login, displayName }) => [userId, login, displayName])).toEqual(JSON.parse(stdout));
});
