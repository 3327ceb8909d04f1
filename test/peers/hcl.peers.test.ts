import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Body, parseHcl } from '../../src/collectors/terraform/hcl.ts';
import { missing } from '../postgres.ts';

const go = ['/usr/local/go/bin/go', 'go'].find((path) => spawnSync(path, ['version']).status === 0);
const corpus = join(import.meta.dirname, 'hcl');
const files = (folder: string) =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.tf'))
    .map((name) => join(folder, name));

/** Attributes come from Go in the order of a map: both sides by name. */
const sorted = ({ attributes, blocks }: Body): unknown => ({
  attributes: attributes.toSorted((a, b) => (a.name < b.name ? -1 : 1)),
  blocks: blocks.map(({ body, ...block }) => ({ ...block, body: sorted(body) })),
});

function ours(file: string): unknown {
  try {
    return sorted(parseHcl(file, readFileSync(file, 'utf8')));
  } catch (error) {
    return { error: error instanceof RangeError ? 'refused' : String(error) };
  }
}

if (go === undefined) it.skipIf(missing('Go', 'Install golang-go.'))('files that HashiCorp reads', () => undefined);
else {
  describe('hashicorp/hcl, which shares no code with us', () => {
    const root = mkdtempSync(join(tmpdir(), 'hcl-'));
    const program = join(root, 'parse-hcl');
    const theirs = (paths: readonly string[]): readonly unknown[] =>
      execFileSync(program, { input: `${paths.join('\n')}\n`, encoding: 'utf8', maxBuffer: 256 * 1024 * 1024 })
        .trimEnd()
        .split('\n')
        .map((line) => {
          const said = JSON.parse(line) as Body | { error: string };
          return 'error' in said ? { error: 'refused' } : sorted(said);
        });

    beforeAll(() => {
      execFileSync(go, ['build', '-o', program, '.'], { cwd: join(import.meta.dirname, 'parse-hcl') });
    });
    afterAll(() => rmSync(root, { recursive: true }));

    it('has a corpus worth the name', () => expect(files(corpus).length).toBeGreaterThan(30));

    it.each(files(corpus).map((path) => [path.slice(corpus.length + 1), path]))('reads the same in %s', (_, path) => {
      const [said] = theirs([path]);
      expect(said).not.toHaveProperty('error');
      expect(ours(path)).toEqual(said);
    });

    it.each(files(join(corpus, 'refused')).map((path) => [path.slice(corpus.length + 1), path]))('refuses %s', (_, path) => {
      expect(theirs([path])).toEqual([{ error: 'refused' }]);
      expect(ours(path)).toEqual({ error: 'refused' });
    });

    it('reads the same in files that nobody wrote', () => {
      const made = fc.sample(body(3), { numRuns: 600, seed: 20260301 }).map((text, place) => {
        const path = join(root, `made-${place}.tf`);
        writeFileSync(path, text);
        return path;
      });
      const said = theirs(made);
      expect(said.filter((it) => 'error' in (it as object)).length).toBeLessThan(made.length / 4);
      for (const [place, path] of made.entries()) expect(ours(path), readFileSync(path, 'utf8')).toEqual(said[place]);
    });
  });
}

const name = fc.stringMatching(/^[a-z_][a-z0-9_-]{0,6}$/);
const blank = fc.constantFrom('', ' ', '  ', ' /* c */ ');
const plain = fc.stringMatching(/^[a-zA-Z0-9 .:/${}%~#'-]{0,12}$/).map((text) => text.replace(/[$%]+\{/g, '{'));
const leaf = fc.oneof(
  fc.integer({ min: -1000, max: 1_000_000 }).map(String),
  fc.constantFrom('true', 'false', 'null', '0.125', 'var.a', 'local.b[0].c', 'data.x.y.*.id', 'module.m["k"].z', '-1.5', '1e2', '5000000000000000000000'),
  plain.map((text) => `"${text}"`),
  fc.tuple(plain, plain).map(([a, b]) => `"${a}\${var.x}${b}"`),
  plain.map((text) => `<<-EOT\n  ${text.trim()}\n    more\n  EOT\n`),
);
const value: fc.Arbitrary<string> = fc.letrec<{ value: string }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    { arbitrary: leaf, weight: 4 },
    { arbitrary: fc.array(tie('value'), { maxLength: 4 }).map((entries) => `[${entries.join(', ')}]`), weight: 2 },
    {
      arbitrary: fc
        .uniqueArray(fc.tuple(name, tie('value')), { maxLength: 3, selector: ([key]) => key })
        .map((entries) => `{\n${entries.map(([key, its]) => `${key} = ${its}\n`).join('')}}`),
      weight: 2,
    },
    { arbitrary: fc.tuple(tie('value'), fc.constantFrom('+', '==', '&&', '-', '>='), tie('value')).map(([a, op, b]) => `${a} ${op} ${b}`), weight: 1 },
    { arbitrary: tie('value').map((its) => `(${its})`), weight: 1 },
    { arbitrary: fc.tuple(name, fc.array(tie('value'), { maxLength: 3 })).map(([called, its]) => `${called}(${its.join(', ')})`), weight: 1 },
    { arbitrary: fc.tuple(tie('value'), tie('value'), tie('value')).map(([a, b, c]) => `${a} ? ${b} : ${c}`), weight: 1 },
  ),
})).value;

function body(depth: number): fc.Arbitrary<string> {
  const attribute = fc.tuple(name, blank, value).map(([its, space, what]) => `${its}${space}=${space}${what}\n`);
  const comment = fc.constantFrom('\n', '# note\n', '// note\n', '/* two\nlines */\n');
  const entries = [attribute, comment];
  if (depth > 0)
    entries.push(
      fc
        .tuple(name, fc.array(plain, { maxLength: 2 }), body(depth - 1))
        .map(([type, labels, inner]) => `${type} ${labels.map((its) => `"${its}" `).join('')}{\n${inner}}\n`),
    );
  return fc.array(fc.oneof(...entries), { maxLength: 5 }).map((parts) => parts.join(''));
}
