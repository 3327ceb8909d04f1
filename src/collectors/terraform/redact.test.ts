import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { redactTerraform } from './redact.ts';

const redacted = (document: unknown): unknown => JSON.parse(new TextDecoder().decode(redactTerraform(new TextEncoder().encode(JSON.stringify(document)))));
const GONE = { $sensitive: true };
const state = (instance: object, more: object = {}) => ({
  version: 4,
  resources: [{ mode: 'managed', type: 'aws_x', name: 'y', provider: 'p', instances: [instance] }],
  ...more,
});
const attributesOf = (document: unknown) => (document as { resources: { instances: { attributes: unknown }[] }[] }).resources[0]?.instances[0]?.attributes;

describe('a state', () => {
  it('loses what it marks as sensitive, by name and by number', () => {
    const paths = [
      [{ type: 'get_attr', value: 'result' }],
      [
        { type: 'get_attr', value: 'list' },
        { type: 'index', value: { value: 1, type: 'number' } },
        { type: 'get_attr', value: 'pin' },
      ],
    ];
    const attributes = { result: 'correct horse', list: [{ pin: 1 }, { pin: 2 }], size: 3 };
    expect(attributesOf(redacted(state({ attributes, sensitive_attributes: paths })))).toEqual({ result: GONE, list: [{ pin: 1 }, { pin: GONE }], size: 3 });
  });

  it('loses what a name calls a secret, though nothing marks it', () => {
    const attributes = {
      password: 'x',
      auth_token: 'x',
      user_data: 'echo',
      kms_key_id: 'k',
      secret_arn: 'arn:x',
      password_length: 16,
      manage_master_user_password: true,
      environment: [{ variables: { DB_PASSWORD: 'x', MODE: 'fast' } }],
      env: [
        { name: 'API_TOKEN', value: 'x' },
        { name: 'MODE', value: 'fast' },
      ],
      container_definitions: '[{"environment":[{"name":"DB_PASSWORD","value":"x"}]}]',
      policy: '{"Statement":[{"Effect":"Allow"}]}',
    };
    expect(attributesOf(redacted(state({ attributes })))).toEqual({
      ...attributes,
      password: GONE,
      auth_token: GONE,
      user_data: GONE,
      environment: [{ variables: { DB_PASSWORD: GONE, MODE: 'fast' } }],
      env: [
        { name: 'API_TOKEN', value: GONE },
        { name: 'MODE', value: 'fast' },
      ],
      container_definitions: GONE,
    });
  });

  it('loses a secret wherever it stands again', () => {
    const attributes = { result: 'correct horse', note: 'use correct horse here', other: 'battery' };
    const document = state(
      { attributes, sensitive_attributes: [[{ type: 'get_attr', value: 'result' }]] },
      { outputs: { a: { value: 'correct horse', type: 'string' } } },
    );
    expect(redacted(document)).toMatchObject({
      outputs: { a: { value: GONE } },
      resources: [{ instances: [{ attributes: { result: GONE, note: GONE, other: 'battery' } }] }],
    });
  });

  it('loses sensitive outputs, what a provider keeps for itself, and what shows itself by its form', () => {
    const document = state(
      { attributes: { a: '-----BEGIN RSA PRIVATE KEY-----\nx', b: 'postgres://app:hunter2@db/x' }, private: 'eyJ' },
      { outputs: { x: { value: ['a'], sensitive: true } } },
    );
    expect(redacted(document)).toMatchObject({
      outputs: { x: { value: GONE } },
      resources: [{ instances: [{ attributes: { a: GONE, b: GONE }, private: GONE }] }],
    });
  });
});

it('takes out of a plan what its maps mark, before and after, and its variables', () => {
  const document = {
    format_version: '1.2',
    variables: { db_password: { value: 'hunter2hunter2' }, region: { value: 'eu' } },
    planned_values: { root_module: { resources: [{ address: 'a.b', values: { x: 's3cr3t-x', y: 1 }, sensitive_values: { x: true } }] } },
    resource_changes: [
      {
        address: 'a.b',
        change: {
          before: { x: 'old-s3cr3t', l: ['p-s3cr3t', 'q'] },
          after: { x: 's3cr3t-x' },
          before_sensitive: { x: true, l: [true] },
          after_sensitive: true,
        },
      },
    ],
    configuration: {
      root_module: { variables: { k: { default: 'v-s3cr3t', sensitive: true } }, resources: [{ expressions: { password: { constant_value: 'c-s3cr3t' } } }] },
    },
  };
  expect(redacted(document)).toEqual({
    format_version: '1.2',
    variables: { db_password: { value: GONE }, region: { value: 'eu' } },
    planned_values: { root_module: { resources: [{ address: 'a.b', values: { x: GONE, y: 1 }, sensitive_values: { x: true } }] } },
    resource_changes: [
      { address: 'a.b', change: { before: { x: GONE, l: [GONE, 'q'] }, after: GONE, before_sensitive: { x: true, l: [true] }, after_sensitive: true } },
    ],
    configuration: {
      root_module: { variables: { k: { default: GONE, sensitive: true } }, resources: [{ expressions: { password: { constant_value: GONE } } }] },
    },
  });
});

it.each([
  ['hunter2, not JSON', 'is not JSON'],
  ['{"password":"hunter2"}', 'is neither a state of version 4 nor the JSON of a state or a plan'],
  ['{"version":3,"modules":[{"password":"hunter2"}]}', 'is neither a state of version 4 nor the JSON of a state or a plan'],
])('refuses what it does not know, and quotes nothing of it: %s', (text, says) => {
  expect(() => redactTerraform(new TextEncoder().encode(text))).toThrow(new RangeError(says));
});

it('keeps the line that says when it was generated', () => {
  const text = new TextDecoder().decode(redactTerraform(new TextEncoder().encode('# generated 2026-03-01T06:00:00Z\n{"version":4,"resources":[]}')));
  expect(text).toBe('# generated 2026-03-01T06:00:00Z\n{"version":4,"resources":[]}');
});

// Wherever secrets lie that the file marks, in whatever shape, and wherever they are repeated: none is left.
const key = fc.stringMatching(/^[a-z]{1,6}$/);
type Leaf = { readonly secret: boolean; readonly text: string };
const shaped = fc.letrec<{ it: unknown }>((tie) => ({
  it: fc.oneof(
    { depthSize: 'small' },
    fc.record<Leaf>({ secret: fc.boolean(), text: fc.stringMatching(/^[A-Za-z0-9+/ ]{1,10}$/) }).map((leaf) => leaf as unknown),
    fc.array(tie('it'), { maxLength: 3 }),
    fc.dictionary(key, tie('it'), { maxKeys: 3 }).map((members) => ({ members })),
  ),
})).it;

it('leaves no value that is marked', () => {
  fc.assert(
    fc.property(fc.dictionary(key, shaped, { minKeys: 1, maxKeys: 4 }), fc.boolean(), (shape, asPlan) => {
      const secrets: string[] = [];
      const paths: unknown[] = [];
      const build = (it: unknown, path: readonly object[]): { value: unknown; map: unknown } => {
        if (Array.isArray(it)) {
          const parts = it.map((entry, place) => build(entry, [...path, { type: 'index', value: { value: place, type: 'number' } }]));
          return { value: parts.map(({ value }) => value), map: parts.map(({ map }) => map) };
        }
        if ('members' in (it as object)) {
          const parts = Object.entries((it as { members: object }).members).map(
            ([name, entry]) => [name, build(entry, [...path, { type: 'get_attr', value: name }])] as const,
          );
          return {
            value: Object.fromEntries(parts.map(([name, { value }]) => [name, value])),
            map: Object.fromEntries(parts.map(([name, { map }]) => [name, map])),
          };
        }
        const { secret, text } = it as Leaf;
        if (!secret) return { value: `plain ${text}`, map: false };
        const value = `SECRET-${secrets.length}-${text}`;
        secrets.push(value);
        paths.push(path);
        return { value, map: true };
      };
      const { value: attributes, map } = build({ members: shape }, []);
      const again = secrets.map((secret) => `before ${secret} after`);
      const document = asPlan
        ? {
            format_version: '1.2',
            planned_values: { root_module: { resources: [{ values: attributes, sensitive_values: map }] }, outputs: { o: { value: again } } },
          }
        : state({ attributes, sensitive_attributes: paths }, { outputs: { o: { value: again } } });
      const left = JSON.stringify(redacted(document));
      expect(left).not.toContain('SECRET-');
      const plain = JSON.stringify(document).match(/plain /g)?.length ?? 0;
      expect(left.match(/plain /g)?.length ?? 0).toBe(plain);
    }),
    { numRuns: 500 },
  );
});
