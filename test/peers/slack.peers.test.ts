import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { SlackMember, slackUsers } from '../../src/collectors/slack/users.ts';
import { missing } from '../postgres.ts';
import { at, recorded } from '../recorded.ts';
import { publishedPackage } from './published.ts';
import { runOnce } from './run-once.ts';

// The types that Slack derives from its own answers, and ships with its own client.
const PACKAGE = '@slack/web-api@8.2.0';
const INTEGRITY = 'bIW8/8BLD/HLuHLIA2LfA7AhSokzui4swCbMJuwoRJxn/kzHVla6YEKLvN1nCFHK/DfX7g+4Wj3ess/ZSh/tWQ==';

const dir = mkdtempSync(join(tmpdir(), 'slack-client-'));
afterAll(() => rmSync(dir, { recursive: true }));
const client = publishedPackage(PACKAGE, INTEGRITY, join(dir, 'package'));
const absent = client === null && missing(PACKAGE, 'A registry of npm must be reachable.');
const declared = (file: string): string => readFileSync(join(client ?? '', `dist/types/${file}.d.ts`), 'utf8');

/** The fields of an interface or of an answer, each with its type. */
function fieldsOf(text: string, name: string): Readonly<Record<string, string>> {
  const body = new RegExp(`export (?:interface ${name} |type ${name} = WebAPICallResult & )\\{([^}]*)\\}`).exec(text)?.[1] ?? '';
  return Object.fromEntries([...body.matchAll(/^\s*(\w+)\??: ([^;]+);/gm)].map(([, field = '', type = '']) => [field, type]));
}

/** What is wrong with a value, by the interface of that name. What is null is not told. */
function misfits(text: string, name: string, value: unknown, path: string): readonly string[] {
  const fields = fieldsOf(text, name);
  return Object.entries(value as object).flatMap(([field, inner]) => {
    const type = fields[field];
    const where = `${path}.${field}`;
    if (type === undefined) return [`${where} is unknown`];
    if (inner === null) return [];
    if (type.endsWith('[]')) return (inner as readonly unknown[]).flatMap((it) => misfits(text, type.slice(0, -2), it, `${where}[]`));
    if (typeof inner === 'object') return misfits(text, type, inner, where);
    return typeof inner === type ? [] : [`${where} is no ${type}`];
  });
}

describe.skipIf(absent)('Slack, by the types of its own client', () => {
  const answers = async () =>
    (await runOnce(slackUsers, recorded(slackUsers, { team: 'T0ACME001' }, 'T0ACME001').wire, { team: 'T0ACME001' }, at, at)).artifacts;

  it('knows every field that is read of an account', () => {
    const member = fieldsOf(declared('response/UsersListResponse'), 'Member');
    const profile = fieldsOf(declared('response/UsersListResponse'), 'Profile');
    expect(Object.keys(member).length).toBeGreaterThan(20);
    expect(Object.keys(SlackMember.shape).filter((field) => !(field in member))).toEqual([]);
    expect(['email', 'real_name'].filter((field) => profile[field] !== 'string')).toEqual([]);
  });

  it('knows every question, by its arguments', async () => {
    const asked = (await answers()).map(({ request }) => new URL(request.url));
    expect([...new Set(asked.map(({ pathname }) => pathname))]).toEqual(['/api/auth.test', '/api/users.list']);
    const said = declared('request/users') + declared('request/common');
    for (const url of asked) for (const name of url.searchParams.keys()) expect(said, name).toMatch(new RegExp(`\\b${name}\\??:`));
  });

  it('is told what Acme’s Slack answers, each field of its kind', async () => {
    for (const { name, body } of await answers()) {
      const [file, type] = name === 'caller' ? ['response/AuthTestResponse', 'AuthTestResponse'] : ['response/UsersListResponse', 'UsersListResponse'];
      expect(
        misfits(declared(file), type, JSON.parse(new TextDecoder().decode(body)), type).filter((it) => !/\.ok is unknown$/.test(it)),
        name,
      ).toEqual([]);
    }
  });

  it('objects to what it does not know', () => {
    expect(misfits(declared('response/UsersListResponse'), 'Member', { id: 1, journal: true, profile: { email: false } }, 'member')).toEqual([
      'member.id is no string',
      'member.journal is unknown',
      'member.profile.email is no string',
    ]);
  });
});
