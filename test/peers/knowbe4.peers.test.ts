import { expect, describe, it } from 'vitest';
import { KNOWBE4_READING } from '../../src/acme/knowbe4.ts';
import { acmeWire } from '../../src/acme/wire.ts';
import { knowbe4Training } from '../../src/collectors/knowbe4/training.ts';
import { missing } from '../postgres.ts';
import { collectOnce, recorded, world } from '../recorded.ts';
import { publishedWheelFile } from './published.ts';

// Clients of KnowBe4's reporting API that others have published. They know where it is asked and how pages are counted, and nothing of the answers.
const CLIENT = ['kb4-py==0.1.2', '6cc5f3392dcb1fda4a04ab597298000b2d3c089dc4a1de8a0a269cd53c73cc09', 'kb4/kb4.py'] as const;
const WRAPPER = ['KnowBe4Wrapper==1.0.0', '0e0baef9271daa5a59d0298e6067c7d7d03d330c1d4807a9e2e21ab4406bc10a', 'KnowBe4Wrapper/KnowBe4.py'] as const;
const client = publishedWheelFile(...CLIENT);
const wrapper = publishedWheelFile(...WRAPPER);
const absent = client === null || wrapper === null;

describe.skipIf(absent && missing(`${CLIENT[0]} and ${WRAPPER[0]}`, 'pip and PyPI must be reachable.'))('KnowBe4', () => {
  it('is asked where its clients ask, with the token as they send it, page by page as they count', async () => {
    const now = world.ago(1, 4);
    const wire = acmeWire(world, () => now);
    const asked: { path: string; page: string | null; authorization: string | undefined }[] = [];
    await collectOnce(knowbe4Training, {
      ...recorded(knowbe4Training, KNOWBE4_READING, 'eu'),
      at: now,
      wire: async (request) => {
        const { pathname, searchParams } = new URL(request.url);
        asked.push({ path: pathname, page: searchParams.get('page'), authorization: request.headers.authorization });
        return wire(request);
      },
    });
    const known = [...(client ?? '').matchAll(/_api_call\('(\w+)'(?:, '(\w+)')?\)/g)].map(([, first, second]) =>
      ['', 'v1', first, second].filter((it) => it !== undefined).join('/'),
    );
    expect(known.length).toBeGreaterThan(5);
    // Both are older than the place at which KnowBe4's documentation has policies today.
    expect([...new Set(asked.map(({ path }) => path))].filter((path) => !known.includes(path))).toEqual(['/v1/training/policies']);
    expect(client).toContain("'Authorization': 'Bearer {0}'.format(self._token)");
    expect(new Set(asked.map(({ authorization }) => authorization))).toEqual(new Set(['Bearer secret-of-the-tests']));
    expect(wrapper).toMatch(/page_number = 1\n[\s\S]*'page' : page_number[\s\S]*page_number \+= 1/);
    const pages = asked.filter(({ path }) => path === '/v1/training/enrollments').map(({ page }) => Number(page));
    expect(pages).toEqual(pages.map((_, place) => place + 1));
    expect(pages.length).toBeGreaterThan(2);
  });
});
