import { describe, expect, it } from 'vitest';
import { tested, world } from '../../../test/recorded.ts';
import { closings } from '../../acme/closings.ts';
import { REGISTER_DAYS } from '../../acme/register-stories.ts';
import { ACME_KINDS, SIGNERS } from '../../acme/statements.ts';
import { kinds } from '../../attestations/index.ts';
import { IncompleteError } from '../../core/error.ts';
import { instant } from '../../core/instant.ts';
import { entriesOf } from './entries.ts';
import { bindings, FORMAT, landedOf, lastChange, provenance, type Signatures, type Signed } from './landed.ts';
import { filesRegisters } from './registers.ts';

tested(
  filesRegisters,
  { kinds: ACME_KINDS },
  'registers',
  (rows) => {
    const entries = rows('register.entries');
    expect(entries.filter(({ register }) => !ACME_KINDS.includes(String(register)))).toHaveLength(6 + 7 + 6 + 3 + 3 + 1 + 1 + closings(world).length);
    expect(entries.filter(({ register }) => ACME_KINDS.includes(String(register)))).toHaveLength(221); // most of them decisions of reviews
    expect(entries.find(({ title }) => title === 'Shared login of operations')).toMatchObject({
      register: 'waivers',
      entryId: 'L-2',
      ownerId: world.people[2]?.id,
      author: world.people[2]?.name,
      committedAt: expect.any(Number),
      approverEmails: [],
      approval: 'none',
    });
    expect(entries.find(({ title }) => title === 'Parcel courier')).toMatchObject({
      authorEmail: world.people[2]?.email,
      approverEmails: [world.people[1]?.email],
      approval: 'merge',
    });
    expect(entries.find(({ entryId }) => entryId === 'A-1')).toMatchObject({ approverEmails: [world.people[0]?.email], approval: 'merge' });
    expect(entries.find(({ entryId }) => entryId === 'X-1')).toMatchObject({
      until: world.ago(REGISTER_DAYS.exception.ends),
      file: 'registers/exceptions.yaml',
      line: 2,
    });
    expect(rows('people.keys')).toMatchObject(
      SIGNERS.map(({ place, keyId }) => ({ keyId, email: world.people[place]?.email, until: null, approved: 'yes', approverEmails: [world.people[0]?.email] })),
    );
    const session = (id: string) => rows('access.privileged-sessions').find(({ sessionId }) => sessionId === id);
    expect([session('PS-1'), session('PS-3')]).toMatchObject([
      { sessionId: 'PS-1', approved: 'yes', approverEmails: [world.people[1]?.email], reviewerId: world.people[1]?.id },
      { sessionId: 'PS-3', approved: 'yes', approverEmails: [world.people[0]?.email], knownBy: 'commit', authorEmail: world.people[1]?.email },
    ]);
    expect(new Set(rows('review.decisions').map(({ decision }) => decision))).toEqual(new Set(['keep', 'revoke']));
    expect(rows('governance.reports')).toContainEqual(expect.objectContaining({ deliveredTo: [world.people[0]?.email] }));
  },
  world.ago(140, 2),
);

describe('an entry', () => {
  const read = (text: string) => entriesOf(text, 'registers/risks.yaml', 'registers', 'Europe/Berlin');

  it('is read with its dates as days of the workspace, and kept whole', () => {
    const text =
      '# Risks\nentries:\n  - id: 7\n    name: Fire\n    owner: W-1\n    reviewed: 2026-03-01\n    until: 2026-03-31\n    weight: 0.5\n\n  - id: R-2\n    title: Flood\n    reviewed: 2026-03-01T12:00:00Z\n    notes: |\n      one\n      two\n';
    expect(read(text)).toEqual([
      {
        register: 'risks',
        entryId: '7',
        title: 'Fire',
        ownerId: 'W-1',
        subject: null,
        reviewedAt: instant('2026-02-28T23:00:00Z'),
        until: instant('2026-03-31T22:00:00Z'),
        reviewerId: null,
        body: '{"id":"7","name":"Fire","owner":"W-1","reviewed":"2026-03-01","until":"2026-03-31","weight":"0.5"}',
        file: 'registers/risks.yaml',
        line: 3,
        lastLine: 8,
        stated: null,
      },
      {
        register: 'risks',
        entryId: 'R-2',
        title: 'Flood',
        ownerId: null,
        subject: null,
        reviewedAt: instant('2026-03-01T12:00:00Z'),
        until: null,
        reviewerId: null,
        body: '{"id":"R-2","notes":"one\\ntwo\\n","reviewed":"2026-03-01T12:00:00Z","title":"Flood"}',
        file: 'registers/risks.yaml',
        line: 10,
        lastLine: 15,
        stated: null,
      },
    ]);
    expect(read('# nothing yet\n')).toEqual([]);
  });

  it.each([
    ['- id: A\n  title: [\n', /^registers\/risks\.yaml:\d+:\d+: not YAML: .*Correct it/],
    ['- title: No id\n', /^registers\/risks\.yaml:1:3: this entry cannot be read: id .*at least an id/],
    ['- id: A\n', /^registers\/risks\.yaml:1:3: .*neither "title" nor "name"/],
    ['- id: A\n  title: a\n- id: B\n  title: b\n- id: A\n  title: c\n', /^registers\/risks\.yaml:5: another entry has the id A \(line 1\)/],
    ['- id: A\n  title: a\n  reviewed: 1 March\n', /^registers\/risks\.yaml:1:3: "reviewed" of A: .*Write a date like/],
    ['- id: A\n  title: a\n  until: 2026-02-30\n', /^registers\/risks\.yaml:1:3: "until" of A: not a date/],
    ['risks: []\n', /^registers\/risks\.yaml:1:1: expected a list of entries/],
    ['- one\n', /^registers\/risks\.yaml:1:3: an entry is a mapping/],
    ['- &a\n  id: A\n  title: a\n- *a\n', /^registers\/risks\.yaml:4:3: an alias/],
  ])('that cannot be read is an error with its place: %j', (text, says) => {
    expect(() => read(text)).toThrow(IncompleteError);
    expect(() => read(text)).toThrow(says);
  });
});

describe('an entry of a kind', () => {
  const read = (text: string) => entriesOf(text, 'registers/access-sod-rules.yaml', 'registers', 'UTC', kinds);
  const rule = '- id: SD-1\n  title: Pay\n  active: true\n  reason: fraud\n';

  it('is kept as it is written', () =>
    expect(read(rule)).toMatchObject([{ entryId: 'SD-1', title: 'Pay', stated: { kind: { id: 'access-sod-rules' }, fields: { id: 'SD-1', active: true } } }]));

  it.each([
    [rule.replace('true', 'maybe'), 'registers/access-sod-rules.yaml:3:3: the entry SD-1, "active": expected true or false. Correct it and commit it.'],
    [
      rule.replace('  reason: fraud\n', ''),
      /^registers\/access-sod-rules\.yaml:1:3: the entry SD-1, "reason": it is missing: What one person with both could do\./,
    ],
    [
      `${rule}  aproverEmails: [me@acme.example]\n`,
      /^registers\/access-sod-rules\.yaml:5:3: the entry SD-1, "aproverEmails": access-sod-rules has no such field/,
    ],
    [`${rule}  one: {}\n`, /"one": expected a list, like \[one, two\]/],
    [`${rule}  __proto__: { active: false }\n`, /^registers\/access-sod-rules\.yaml:5:3: the entry SD-1, "__proto__": access-sod-rules has no such field/],
    ['- [1, 2]\n', /an entry is a mapping/],
  ])('that cannot be read is an error with the place of its field: %j', (text, says) => {
    expect(() => read(text)).toThrow(IncompleteError);
    expect(() => read(text)).toThrow(says);
  });

  it('is expected where the configuration names its kind, and no other kind is', () => {
    expect(filesRegisters.config.safeParse({ kinds: ['access-role'] }).error?.issues[0]?.message).toMatch(
      /^no kind is called access-role \(did you mean "access-roles"\?\)\. There are: access-roles, /,
    );
    const fed = (...its: readonly string[]) => filesRegisters.feedsOf?.(filesRegisters.config.parse({ kinds: its })).map(({ id }) => id);
    expect(fed()).toEqual(['register.entries']);
    expect(fed('waivers', 'exceptions')).toEqual(['register.entries', 'policy.exceptions']);
  });
});

const [A, B, C, M] = ['a', 'b', 'c', 'd'].map((digit) => digit.repeat(40)) as [string, string, string, string];
const ines = ['Ines Duarte', 'Ines.Duarte@acme.example'];
const bruno = ['Bruno Novak', 'bruno.novak@acme.example'];
const host = ['Host', 'noreply@github.example'];
const said = (sha: string, parents: readonly string[], author: readonly string[], committer: readonly string[], message: string, diff = ''): string =>
  `\0${[sha, parents.join(' '), ...author, ...committer, '1780315200', `${message}\n\x01`].join('\0')}\0\n${diff === '' ? '' : `\n${diff}`}`;
const diff = (...hunks: readonly string[]): string =>
  `diff --git registers/risks.yaml registers/risks.yaml\nindex 1..2 100644\n--- registers/risks.yaml\n+++ registers/risks.yaml\n${hunks.join('\n')}\n`;
const where = { file: 'registers/risks.yaml', line: 4, lastLine: 6 };

describe('the last change of an entry', () => {
  const found = (...commits: readonly string[]) => lastChange(where, landedOf(commits.join('')))?.sha ?? null;
  const first = said(
    A,
    [],
    ines,
    ines,
    'Start',
    `diff --git registers/risks.yaml registers/risks.yaml\n--- /dev/null\n+++ registers/risks.yaml\n@@ -0,0 +1,6 @@\n${'+x\n'.repeat(6)}`,
  );

  it('is the newest that changed a line of it, wherever its lines were then', () => {
    expect(
      found(
        said(C, [B], ines, ines, 'Above', diff('@@ -1,0 +2,2 @@', '+- id: N', '+  title: n')),
        said(B, [A], ines, ines, 'Its own', diff('@@ -3 +3 @@', '-  old', '+  new')),
        first,
      ),
    ).toBe(B);
    expect(found(said(C, [B], ines, ines, 'Below', diff('@@ -8 +7 @@', '-  old', '+  new')), first)).toBe(A);
  });

  it('is seen where a line of it was taken away, at its end too', () => {
    expect(found(said(B, [A], ines, ines, 'Shorter', diff('@@ -6 +5,0 @@', '-  conditions: many')), first)).toBe(B);
    expect(found(said(B, [A], ines, ines, 'Shorter', diff('@@ -7 +6,0 @@', '-  conditions: many')), first)).toBe(B);
  });

  it('is not where the entry behind it, or before it, was taken away', () => {
    expect(found(said(B, [A], ines, ines, 'One less', diff('@@ -7,3 +6,0 @@', '-', '-- id: N', '-  title: n')), first)).toBe(A);
    expect(found(said(B, [A], ines, ines, 'One less', diff('@@ -2,2 +3,0 @@', '-- id: N', '-  title: n')), first)).toBe(A);
  });

  it('is not hidden by lines that look like the head of a difference', () => {
    const sly = diff(
      '@@ -4,2 +4,2 @@',
      '--- registers/other.yaml',
      '-@@ -1 +1 @@',
      '+++ registers/other.yaml',
      '+@@ -900 +900 @@',
      '\\ No newline at end of file',
    );
    expect(found(said(B, [A], ines, ines, 'Sly', sly), first)).toBe(B);
  });

  it('cannot be told from a history that was cut short', () => {
    expect(() => landedOf(said(B, [A], ines, ines, 'x', diff('@@ -4,9 +4,9 @@', '-  old')))).toThrow(/cut short/);
    expect(() => landedOf('\0abc\0')).toThrow(IncompleteError);
  });
});

describe('who approved it', () => {
  const of = (landed: string, ...brought: readonly string[]) => provenance(landedOf(landed)[0] ?? null, landedOf(brought.join('')));
  const change = said(B, [A], ines, ines, 'Change');
  const BRUNO = '\n\nApproved-by: Bruno <Bruno.Novak@acme.example>';
  const named = said(B, [A], ines, ines, `Change${BRUNO}`);
  const carla = ['Carla', 'carla@acme.example'];
  const noreply = ['Host', 'noreply@github.acme.example'];

  it.each([
    ['another person, by merging', of(said(M, [A, B], bruno, host, 'Merge'), change), 'merge', ['bruno.novak@acme.example']],
    ['nobody: the author merged it', of(said(M, [A, B], ines, ines, 'Merge'), change), 'none', []],
    ['nobody: one of the authors merged it', of(said(M, [A, C], bruno, bruno, 'Merge'), said(C, [B], bruno, bruno, 'More'), change), 'none', []],
    ['nobody: it was pushed', of(change), 'none', []],
    ['nobody: only its own author signs', of(said(B, [A], ines, ines, 'Change\n\nReviewed-by: I <ines.duarte@acme.example>')), 'none', []],
    ['nobody: its author names a reviewer', of(named), 'none', []],
    ['nobody: a merge of one’s own names a reviewer', of(said(M, [A, B], ines, ines, `Merge${BRUNO}`), change), 'none', []],
    ['who merged it, and not whom its author names', of(said(M, [A, B], carla, carla, 'Merge'), named), 'merge', ['carla@acme.example']],
    ['a host that merged it does not say who, whomever its author names', of(said(B, [A], ines, noreply, `Change (#7)${BRUNO}`)), 'unknown', []],
    ['another person, by applying it', of(said(B, [A], ines, bruno, 'Change')), 'merge', ['bruno.novak@acme.example']],
    ['a co-author is an author', of(said(B, [A], ines, bruno, 'Change\n\nCo-authored-by: B <bruno.novak@acme.example>')), 'none', []],
    ['whoever clicked on the page of a host, which is not said', of(said(B, [A], ines, noreply, 'Change (#7)')), 'unknown', []],
  ])('%s', (_, told, approval, approverEmails) => {
    expect(told).toMatchObject({ approval, approverEmails });
  });

  it('is not whom its lines name: that is told beside it', () => {
    expect([named, said(M, [A, B], carla, carla, `Merge${BRUNO}`)].map((landed) => of(landed).claimedEmails)).toEqual([
      ['bruno.novak@acme.example'],
      ['bruno.novak@acme.example'],
    ]);
    expect(of(said(B, [A], ines, ines, 'Change\n\nReviewed-by: I <ines.duarte@acme.example>')).claimedEmails).toEqual([]);
  });

  describe('by signatures of commits', () => {
    const [key, other] = ['SHA256:bruno', 'SHA256:ines'];
    const by = (signed: Readonly<Record<string, Partial<Signed>>>, required = false): Signatures => ({
      of: (sha) => ({ holds: 'unknown', key: null, email: null, ...signed[sha] }),
      required,
    });
    const brunos = { holds: 'yes', key, email: 'bruno.novak@acme.example' } as const;
    const inesSigned = { holds: 'yes', key: other, email: 'ines.duarte@acme.example' } as const;
    const merge = said(M, [A, B], bruno, bruno, 'Merge');
    const of = (signatures: Signatures, landed: string, ...brought: readonly string[]) =>
      provenance(landedOf(landed)[0] ?? null, landedOf(brought.join('')), signatures);
    const approved = { approval: 'signature', approverEmails: ['bruno.novak@acme.example'], keyId: key };

    it.each([
      ['somebody else signed the merge', of(by({ [M]: brunos }), merge, change), approved],
      ['somebody else signed the commit itself', of(by({ [B]: brunos }), change), approved],
      ['its author signed it, and names another', of(by({ [B]: inesSigned }), named), { approval: 'none', approverEmails: [], keyId: other }],
      ['whoever the merge names, its author signed it', of(by({ [M]: inesSigned }), merge, change), { approval: 'none', approverEmails: [], keyId: other }],
      [
        'who signs what the author’s name stands on is an author',
        of(by({ [M]: brunos, [B]: brunos }), merge, change),
        { approval: 'none', approverEmails: [] },
      ],
      ['a signature that does not hold takes the merge with it', of(by({ [M]: { holds: 'no' } }), merge, change), { approval: 'unknown', approverEmails: [] }],
      ['a key that is nobody’s says nothing', of(by({ [M]: { ...brunos, email: null } }), merge, change), { approval: 'merge', keyId: null }],
      ['demanded, and given by both', of(by({ [M]: brunos, [B]: inesSigned }, true), merge, change), approved],
      ['demanded, and the author did not sign', of(by({ [M]: brunos }, true), merge, change), { approval: 'none', approverEmails: [] }],
      ['demanded, and nobody but one signs', of(by({ [B]: brunos }, true), change), { approval: 'none', approverEmails: [] }],
      ['demanded, and only names say it', of(by({}, true), merge, change), { approval: 'none', approverEmails: [] }],
    ])('%s', (_, told, expected) => expect(told).toMatchObject(expected));

    it('counts keys that somebody else bound, up to their last day, and none that approves itself', () => {
      const entry = (name: string, approval: 'merge' | 'signature' | 'none', until: number | null = null) => ({
        ...{ key: name, email: `${name}@acme.example`, until },
        by: { ...provenance(null, []), approval },
      });
      const holder = bindings([entry('a', 'merge'), entry('b', 'merge', 100), entry('c', 'none'), entry('d', 'signature')]);
      expect([holder('a', 50), holder('b', 99), holder('b', 100), holder('c', 50), holder('d', 50), holder(null, 50)]).toEqual([
        ...['a@acme.example', 'b@acme.example', null, null, null, null],
      ]);
    });
  });

  it('is unknown where no commit is', () => expect(provenance(null, [])).toMatchObject({ commit: null, approval: 'unknown' }));
});

it('asks for fields that no message can forge', () => expect(FORMAT.split('%x00')).toHaveLength(10));
