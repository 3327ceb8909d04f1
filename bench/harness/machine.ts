import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { cpus, loadavg, totalmem } from 'node:os';
import { join } from 'node:path';
import { postgresBinaries } from '../../test/postgres.ts';
import type { Machine } from './render.ts';

/** The machine and the versions of the peers on it, as they are now. */
export async function machine(): Promise<Machine> {
  const [cpu] = cpus();
  const bin = postgresBinaries();
  const said = (program: string) => /\d+(\.\d+)+/.exec(execFileSync(program, ['--version'], { encoding: 'utf8' }))?.[0] ?? '?';
  return {
    date: new Date().toISOString().slice(0, 10),
    node: process.versions.node,
    cores: cpus().length,
    model: cpu?.model.trim() ?? 'unknown',
    memory: Math.round(totalmem() / 2 ** 30),
    load: loadavg()[0] ?? 0,
    peers: {
      SQLite: process.versions.sqlite ?? '?',
      DuckDB: versionOf('@duckdb/node-api'),
      'json-rules-engine': versionOf('json-rules-engine'),
      ...(bin ? { PostgreSQL: said(join(bin, 'postgres')) } : {}),
      git: said('git'),
    },
  };
}

function versionOf(name: string): string {
  const file = join(import.meta.dirname, '../../node_modules', name, 'package.json');
  return (JSON.parse(readFileSync(file, 'utf8')) as { readonly version: string }).version;
}
