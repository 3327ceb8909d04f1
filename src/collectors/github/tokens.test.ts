import { expect } from 'vitest';
import { recorded } from '../../../test/recorded.ts';
import { tokensWire } from '../../../test/tokens-wire.ts';
import { collectorTester } from '../../../test/collector-tester.ts';
import { instant } from '../../core/instant.ts';
import type { Collector } from '../collector.ts';
import { githubTokens } from './tokens.ts';

collectorTester(githubTokens as unknown as Collector, { ...recorded(githubTokens, { org: 'acme', singleSignOn: true }, 'acme'), wire: tokensWire }, (rows) => {
  const [one, two, ...others] = rows('iam.tokens');
  expect(one).toEqual({
    ...{ systemId: 'github', tokenId: 'fine-grained 1', kind: 'personal', name: 'token 1', userId: '1', login: 'person-1' },
    ...{ allowedAt: instant('2026-05-16T15:47:09Z'), ends: 'yes', expiresAt: instant('2026-11-16T15:47:09Z') },
  });
  expect(two).toMatchObject({ tokenId: 'fine-grained 2', name: null, ends: 'no', expiresAt: null });
  expect(others.map(({ tokenId, kind, name, ends, expiresAt }) => [tokenId, kind, name, ends, expiresAt])).toEqual([
    ['credential 11', 'personal', 'backup', 'yes', instant('2026-02-25T19:06:43Z')],
    ['credential 12', 'personal', null, 'no', null],
    ['credential 13', 'personal', null, 'unknown', null],
    ['credential 14', 'ssh-key', 'laptop', 'unknown', null],
    ['credential 15', 'app', null, 'unknown', null],
    ['credential 16', 'unknown', null, 'unknown', null],
  ]);
});
