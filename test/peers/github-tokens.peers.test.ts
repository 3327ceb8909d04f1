import { describe, expect, it } from 'vitest';
import { missing } from '../postgres.ts';
import { recorded } from '../recorded.ts';
import { type Description, exampleOf, promised, strangeAnswer, strangeQuestion } from './described.ts';
import { INTEGRITY, PACKAGE } from './github.ts';
import { publishedFile } from './published.ts';
import { runOnce } from './run-once.ts';
import { githubTokens } from '../../src/collectors/github/tokens.ts';
import { tokensWire } from '../tokens-wire.ts';
import { instant } from '../../src/core/instant.ts';
import type { Row } from '../../src/datasets/dataset.ts';
import type { Wire } from '../../src/sources/wire.ts';

// Nobody here wrote the other side: GitHub's own description of its REST API for enterprises, and its own examples.

const published = publishedFile(PACKAGE, INTEGRITY, 'generated/ghec.json');
const description: Description = published === null ? { paths: {} } : (JSON.parse(published) as Description);
const at = instant('2026-06-01T00:00:00Z');
const lists = /personal-access-tokens|credential-authorizations/;

async function rowsBy(wire: Wire, org: string): Promise<readonly Row[]> {
  const { tables } = await runOnce(githubTokens, wire, { org, singleSignOn: true }, at, at);
  return tables[0]?.rows ?? [];
}

describe.skipIf(published === null && missing(PACKAGE, 'A registry of npm must be reachable.'))('tokens of GitHub, by its own description', () => {
  it('are asked for as it says, and the made-up answers are such as it gives', async () => {
    const { config } = recorded(githubTokens, { org: 'acme', singleSignOn: true }, 'acme');
    expect(config).toMatchObject({ system: 'github' });
    const asked: string[] = [];
    const strange: string[] = [];
    await rowsBy(async (request) => {
      const answer = await tokensWire(request);
      const url = new URL(request.url);
      asked.push(`${request.method} ${url.pathname}`);
      strange.push(...strangeQuestion(description, url));
      if (lists.test(url.pathname)) strange.push(...strangeAnswer(description, url, JSON.parse(new TextDecoder().decode(answer.body))));
      return answer;
    }, 'acme');
    expect(strange.filter((it) => !it.includes('something new'))).toEqual([]);
    expect(asked).toContain('GET /orgs/acme/credential-authorizations');
  });

  it('are read from the examples that it gives', async () => {
    const rows = await rowsBy(
      examples((body) => body),
      'octo-org',
    );
    expect(rows.map(({ tokenId, kind, login, ends, expiresAt }) => [tokenId, kind, login, ends, expiresAt])).toEqual([
      ['fine-grained 25381', 'personal', 'octocat', 'yes', instant('2023-11-16T15:47:09Z')],
      ['credential 161195', 'personal', 'octocat', 'yes', instant('2011-02-25T19:06:43Z')],
      ['credential 161196', 'personal', 'hubot', 'yes', instant('2019-04-28T19:06:43Z')],
      ['credential 161197', 'app', 'octocat', 'yes', instant('2023-06-14T19:06:43Z')],
      ['credential 161198', 'app', 'hubot', 'yes', instant('2023-06-14T19:06:43Z')],
      ...[expect.arrayContaining(['ssh-key', 'octocat', 'unknown'])],
    ]);
  });

  it('are unknown in what it does not promise, and never said to end', async () => {
    const relied = ['id', 'login', 'owner', 'access_granted_at', 'credential_id', 'credential_type', 'credential_authorized_at'];
    const rows = await rowsBy(
      examples((body, url) => promised(description, url, body, relied)),
      'octo-org',
    );
    expect(rows.map(({ ends }) => ends)).toEqual(['no', 'unknown', 'unknown', 'unknown', 'unknown', 'unknown']);
  });

  const examples =
    (altered: (body: unknown, url: URL) => unknown): Wire =>
    async ({ url: written }) => {
      const url = new URL(written);
      const body = lists.test(written) ? altered(exampleOf(description, url), url) : { id: 1, login: 'octo-org' };
      return { status: 200, headers: { 'content-type': 'application/json' }, body: new TextEncoder().encode(JSON.stringify(body)) };
    };
});
