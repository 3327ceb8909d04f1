// Writes the pages that follow from code: reference of controls, collectors, checks and datasets, the table of rooms, the JSON Schema.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { writtenFields } from '../src/attestations/fields.ts';
import { registerSchema, schemaFile } from '../src/attestations/files.ts';
import { kinds } from '../src/attestations/index.ts';
import { readCatalog } from '../src/catalog/catalog.ts';
import { checks } from '../src/checks/index.ts';
import { collectors } from '../src/collectors/index.ts';
import { CONTROL_SCHEMA, controlSchema } from '../src/catalog/files.ts';
import { jsonSchema } from '../src/configuration/json-schema.ts';
import { datasets } from '../src/datasets/index.ts';
// @ts-expect-error plain JavaScript, so that it needs nothing but Node
import { BARE, PURE, ROOMS } from './rooms.config.mjs';

const root = join(import.meta.dirname, '..');
const MADE = '<!-- Made by "npm run docs" from the code. Edit the code. -->';
const rooms: Readonly<Record<string, readonly string[]>> = ROOMS;
const prose = (path: string) => readFileSync(join(root, 'src', path), 'utf8').trim();
const cell = (text: string) => text.replaceAll('|', '\\|').replaceAll('\n', ' ');

function write(path: string, body: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), `${body.trimEnd()}\n`);
}

/** The cases of a check, as its test names them. */
function casesOf(id: string): readonly (readonly [kind: string, names: readonly string[]])[] {
  const text = readFileSync(join(root, `src/checks/${id}.test.ts`), 'utf8');
  const kinds = [
    ['conforms', 'What conforms'],
    ['deviates', 'What deviates'],
    ['unknown', 'What is unknown'],
    ['notYet', 'What is not in the population then'],
    ['ignores', 'What is never in it'],
    ['notJoined', 'What is never joined to it'],
  ] as const;
  return kinds.map(([kind, title]) => {
    const start = text.search(new RegExp(`\\b${kind}: \\{`));
    if (start < 0) return [title, []];
    const rest = text.slice(start);
    const end = kinds.map(([other]) => rest.slice(kind.length + 2).search(new RegExp(`\\n  ${other}: \\{`))).filter((place) => place > 0);
    const part = rest.slice(0, end.length > 0 ? Math.min(...end) + kind.length + 2 : undefined);
    return [
      title,
      [...part.matchAll(/^\s*(?:\w+: \{ )?'([^'\n]+)': (?:\{|[a-z]\w*\()|[{,] '([^'\n]+)': [a-z]\w*\(/gim)].flatMap(([, name, other]) => name ?? other ?? []),
    ];
  });
}

const { controls } = readCatalog(join(root, 'catalog'));

write(
  'docs/reference/checks.md',
  [
    '# Checks',
    '',
    MADE,
    '',
    `${checks.length} checks. Each examines one item at a time and is a pure function of rows; missing evidence makes an item unknown.`,
    ...checks.flatMap(({ id, title, asserts, version, parameters, adjustable, population, with: joins, mustExist, tolerates }) => [
      '',
      `## ${id}`,
      '',
      `**${title}.** ${asserts}`,
      '',
      prose(`checks/${id}.md`),
      '',
      `- Version ${version}; of ${controls
        .filter((control) => control.checks.includes(id))
        .map((control) => `${control.id} (${control.criteria.join(', ')})`)
        .join(', ')}`,
      `- Population: \`${population.dataset.id}\`${mustExist ? ', which cannot be empty' : ''}; joined: ${
        Object.values(joins)
          .map(({ rows }) => `\`${rows.dataset.id}\``)
          .join(', ') || 'nothing'
      }`,
      ...Object.entries(parameters).map(([name, value]) => `- Parameter ${name}: ${value}${name in adjustable ? ' (a company can set it)' : ''}`),
      ...(tolerates > 0
        ? [
            '- Some items may deviate, and each of them stays listed: its status goes by the rate, so that one more item that conforms can turn fail into pass. Results tell the rate with both its counts.',
          ]
        : []),
      ...casesOf(id).flatMap(([kind, names]) => (names.length > 0 ? [`- ${kind}: ${names.join('; ')}`] : [])),
    ]),
  ].join('\n'),
);

write(
  'docs/reference/controls.md',
  [
    '# Controls',
    '',
    MADE.replace('from the code. Edit the code.', 'from catalog/controls. Edit those files.'),
    '',
    `${controls.length} controls. One without a check is unknown, at every instant.`,
    ...controls.flatMap(
      ({
        id,
        title,
        statement,
        criteria,
        owner,
        policy,
        cadence,
        kind = 'not said',
        answers = [],
        checks: its,
        unexamined = [],
        evidence = [],
        overPeriod,
      }) => [
        '',
        `## ${id}`,
        '',
        `**${title}.** ${statement}`,
        '',
        `- Criteria: ${criteria.join(', ')}. Owner: ${owner}.${policy === undefined ? '' : ` Policy: ${policy}.`} ${kind}, ${cadence}.${answers.length > 0 ? ` Answers ${answers.join(', ')}.` : ''}`,
        `- Checks: ${its.map((check) => `\`${check}\``).join(', ') || 'none yet'}`,
        ...checks
          .filter((check) => its.includes(check.id))
          .flatMap((check) =>
            Object.entries(check.parameters).map(([name, value]) => `- \`${check.id}\`, ${name}: ${value}${name in check.adjustable ? ' (can be set)' : ''}`),
          ),
        ...unexamined.map((what) => `- Not examined: ${what}`),
        ...evidence.map((what) => `- Evidence: ${what}`),
        `- Over a period: ${overPeriod}`,
      ],
    ),
  ].join('\n'),
);

write(
  'docs/reference/collectors.md',
  [
    '# Collectors',
    '',
    MADE,
    ...collectors.flatMap(({ id, title, version, transport, permissions, credentials, operations, every, feeds, cannotTell, config }) => [
      '',
      `## ${id}`,
      '',
      `${title}. Version ${version}, over ${{ http: 'HTTPS GET', aws: 'the AWS API', file: 'files', git: 'git in a local clone', tls: 'TLS handshakes' }[transport]}, every ${every} unless said otherwise.`,
      '',
      prose(`collectors/${id}.md`),
      '',
      '| setting | what |',
      '| --- | --- |',
      ...Object.entries(
        (
          z.toJSONSchema(config as z.ZodType, { io: 'input', unrepresentable: 'any' }) as {
            properties?: Record<string, { description?: string; default?: unknown }>;
          }
        ).properties ?? {},
      ).map(
        ([name, { description, default: value }]) =>
          `| \`${name}\` | ${cell(description ?? '')}${value === undefined || typeof value === 'object' ? '' : ` (default \`${cell(String(value))}\`)`} |`,
      ),
      '',
      `- Feeds: ${feeds.map((dataset) => `\`${dataset.id}\``).join(', ')}`,
      ...Object.entries(credentials).map(([name, what]) => `- Credential \`${name}\`: ${what}`),
      ...permissions.map(({ right, why }) => `- Needs: ${right} (${why})`),
      ...(operations.length > 0 ? [`- Operations: ${operations.map((name) => `\`${name}\``).join(', ')}`] : []),
      ...cannotTell.map((what) => `- Cannot tell: ${what}`),
    ]),
  ].join('\n'),
);

write(
  'docs/reference/datasets.md',
  [
    '# Datasets',
    '',
    MADE,
    ...datasets.flatMap(({ id, title, row, derived, freshness }) => [
      '',
      `## ${id}`,
      '',
      `${title}. ${
        derived
          ? `Derived from \`${derived.population.dataset.id}\` and ${Object.values(derived.with)
              .map(({ rows }) => `\`${rows.dataset.id}\``)
              .join(', ')}.`
          : Number.isFinite(freshness)
            ? `The word of a source counts for ${freshness / 3_600_000} hours.`
            : 'It holds until it is declared otherwise.'
      }`,
      '',
      '| field | meaning |',
      '| --- | --- |',
      ...Object.entries((row as unknown as { shape: Readonly<Record<string, z.ZodType>> }).shape).map(
        ([name, field]) => `| \`${name}\` | ${cell(field.description ?? '')} |`,
      ),
    ]),
  ].join('\n'),
);

write(
  'docs/architecture.md',
  [
    '# Architecture',
    '',
    MADE,
    '',
    '> **posture = f(log, catalogue, code, observation period, instant)**',
    '',
    'The log is the truth and the database a cache of it. Facts flow up, citations point down, and no step writes into an earlier one:',
    '',
    '```',
    'source --> artifact --> record --> row --> verdict --> check --> control --> criterion --> page, report',
    '     collect        seal     normalize  examine    assess                        publish',
    '```',
    '',
    'Rooms, and who may import whom. `npm run rooms` enforces this table, and a test plants a violation of every rule.',
    '',
    '| room | may import | pure | no npm package |',
    '| --- | --- | --- | --- |',
    ...Object.entries(rooms).map(
      ([room, may]) => `| ${room} | ${may.join(', ') || 'nothing'} | ${PURE.includes(room) ? 'yes' : ''} | ${BARE.includes(room) ? 'yes' : ''} |`,
    ),
  ].join('\n'),
);

write(
  'docs/reference/statements.md',
  [
    '# What people state',
    '',
    MADE,
    '',
    'Each kind is a register under version control (`registers/KIND.yaml`, named under `kinds` of `files/registers`) or stated by `tickmark attest KIND`: docs/registers.md. A date means the beginning of that day in the time zone of the workspace, or its end where the table says so; an instant carries its own zone.',
    ...kinds.flatMap((kind) => [
      '',
      `## ${kind.id}`,
      '',
      `${kind.title}. ${kind.dataset ? `A row of \`${kind.dataset.id}\`, ${kind.dataset.happened ? 'which happened once' : 'which holds until it is changed'}.` : 'An entry of its register.'}${kind.needsApproval ? ' It counts once somebody else has approved it.' : ''}${kind.loose ? ' Further fields are kept as they are.' : ''}`,
      '',
      '| field | takes | meaning |',
      '| --- | --- | --- |',
      ...writtenFields(kind).map(({ name, takes, words, required, end, meaning }) => {
        const what =
          takes === 'word' ? words.join(', ') : takes === 'instant' ? `date${end ? ' (its end)' : ''} or instant` : takes === 'boolean' ? 'true, false' : takes;
        return `| \`${name}\`${required ? ' (needed)' : ''} | ${what} | ${cell(meaning)} |`;
      }),
    ]),
  ].join('\n'),
);

write('schema/tickmark.schema.json', jsonSchema());
write(CONTROL_SCHEMA, controlSchema());
for (const kind of kinds) write(schemaFile(kind), registerSchema(kind));
console.log('docs/reference, docs/architecture.md and schema are written');
