import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
// @ts-expect-error plain JavaScript, so that it needs nothing but Node
import { BARE, PURE, ROOMS, rules } from './rooms.config.mjs';
// @ts-expect-error plain JavaScript
import { cruise } from './rooms.mjs';

type Violation = { readonly rule: string; readonly from: string; readonly to: string };
const rooms: Readonly<Record<string, readonly string[]>> = ROOMS;
const names: readonly string[] = rules.map(({ name }: { readonly name: string }) => name);
const root = join(import.meta.dirname, '..');
const tree = mkdtempSync(join(tmpdir(), 'rooms-'));
const plant = (path: string, text: string) => {
  mkdirSync(dirname(join(tree, path)), { recursive: true });
  writeFileSync(join(tree, path), text);
};
let found: readonly Violation[] = [];
let unseen: readonly string[] = [];

beforeAll(async () => {
  cpSync(join(root, 'tsconfig.json'), join(tree, 'tsconfig.json'));
  cpSync(join(root, 'package.json'), join(tree, 'package.json'));
  mkdirSync(join(tree, 'node_modules/zod'), { recursive: true });
  cpSync(join(root, 'node_modules/zod'), join(tree, 'node_modules/zod'), { recursive: true });
  for (const room of Object.keys(rooms)) plant(`src/${room}/clean.ts`, 'export const clean = 1;\n');
  for (const [room, may] of Object.entries(rooms)) {
    const forbidden = Object.keys(rooms).find((other) => other !== room && !may.includes(other));
    if (forbidden) plant(`src/${room}/planted.ts`, `export { clean } from '../${forbidden}/clean.ts';\n`);
  }
  for (const room of PURE) plant(`src/${room}/reads-files.ts`, "export { readFileSync } from 'node:fs';\n");
  for (const room of BARE) plant(`src/${room}/uses-npm.ts`, "export { z } from 'zod';\n");
  plant('src/checks/one.ts', "export { two } from './two.ts';\n");
  plant('src/checks/two.ts', 'export const two = 2;\n');
  plant('src/collectors/aws/a.ts', "export { b } from '../github/b.ts';\n");
  plant('src/collectors/github/b.ts', 'export const b = 2;\n');
  plant('src/checks/index.ts', 'export const all = 1;\n');
  plant('src/engine/posture.ts', 'export const posture = 1;\n');
  plant('src/engine/facts.ts', 'export const facts = 1;\n');
  plant('src/sources/unit.ts', "export { a } from '../collectors/aws/c.ts';\n");
  plant('src/collectors/aws/c.ts', 'export const a = 1;\n');
  plant('src/configuration/unit.ts', "export { a } from '../collectors/aws/c.ts';\n");
  plant('src/engine/unit.ts', "export { two } from '../checks/two.ts';\n");
  plant('src/server/inside.ts', "export { facts } from '../engine/facts.ts';\n");
  plant('src/cli/inside.ts', "export { facts } from '../engine/facts.ts';\n");
  plant('src/reports/inside.ts', "export { facts } from '../engine/facts.ts';\n");
  plant('src/acme/inside.ts', "export { http } from '../sources/http.ts';\n");
  plant('src/sources/http.ts', 'export const http = 1;\n');
  plant('src/app/uses-test.ts', "export { fake } from './fake.test.ts';\n");
  plant('src/app/fake.test.ts', 'export const fake = 1;\n');
  plant('src/core/cycle-a.ts', "import { b } from './cycle-b.ts';\nexport const a = () => b;\n");
  plant('src/core/cycle-b.ts', "import { a } from './cycle-a.ts';\nexport const b = () => a;\n");
  plant('src/core/lost.ts', "export { nothing } from './nowhere.ts';\n");
  plant('dashboard/src/clean.ts', 'export const clean = 1;\n');
  plant('dashboard/src/inside.ts', "export { facts } from '../../src/engine/facts.ts';\n");
  plant('dashboard/src/calls.ts', "export { contract } from '../../src/server/api/contract/index.ts';\n");
  plant('src/server/api/contract/index.ts', 'export const contract = 1;\n');
  plant('src/app/draws.ts', "export { clean } from '../../dashboard/src/clean.ts';\n");
  ({ violations: found, unseen } = await cruise(tree, join(tree, 'tsconfig.json')));
});

afterAll(() => rmSync(tree, { recursive: true }));

const unrestricted = Object.entries(rooms).filter(([, may]) => Object.keys(rooms).length - may.length < 2);

it('has no room that may import everything', () => {
  expect(unrestricted).toEqual([]);
});

it.each(names)('catches a planted violation of %s', (name) => {
  expect(found.map(({ rule }) => rule)).toContain(name);
});

it('finds nothing in the files that break no rule, and looks at all of them', () => {
  expect(found.filter(({ from }) => from.endsWith('clean.ts'))).toEqual([]);
  expect(unseen).toEqual([]);
});
