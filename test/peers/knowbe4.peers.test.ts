import { describe, expect, it } from 'vitest';
import { KNOWBE4_READING } from '../../src/acme/knowbe4.ts';
import { acmeWire } from '../../src/acme/wire.ts';
import { Campaign, Enrollment, knowbe4Training } from '../../src/collectors/knowbe4/training.ts';
import { instant } from '../../src/core/instant.ts';
import type { Wire } from '../../src/sources/wire.ts';
import { missing } from '../postgres.ts';
import { collectOnce, recorded, world } from '../recorded.ts';
import { publishedWheelFile } from './published.ts';
import { differences, madeOf, shapesOf, strangers } from './shapes.ts';

// Clients of KnowBe4's reporting API that others have published. They know where it is asked and how pages are counted, and nothing of the answers.
const CLIENT = ['kb4-py==0.1.2', '6cc5f3392dcb1fda4a04ab597298000b2d3c089dc4a1de8a0a269cd53c73cc09', 'kb4/kb4.py'] as const;
const WRAPPER = ['KnowBe4Wrapper==1.0.0', '0e0baef9271daa5a59d0298e6067c7d7d03d330c1d4807a9e2e21ab4406bc10a', 'KnowBe4Wrapper/KnowBe4.py'] as const;
const client = publishedWheelFile(...CLIENT);
const wrapper = publishedWheelFile(...WRAPPER);
const absent = client === null || wrapper === null;

describe.skipIf(absent && missing(`${CLIENT[0]} and ${WRAPPER[0]}`, 'pip and PyPI must be reachable.'))('KnowBe4', () => {
  it('is asked where its clients ask, with the token as they send it, page by page as they count', async () => {
    const now = world.ago(20, 4);
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

describe('KnowBe4, by answers that somebody else kept', () => {
  const shapes = shapesOf('knowbe4');
  const shape = (path: string) => {
    const its = shapes[`GET ${path}`];
    if (its === undefined) throw new RangeError(`nobody kept an answer of ${path}`);
    return its;
  };

  it('answers as Acme’s does; what it is asked for besides, and what is younger, is known', async () => {
    const wire = acmeWire(world, () => world.ago(20, 4));
    const apart: string[] = [];
    const unheard: string[] = [];
    for (const path of ['/v1/account', '/v1/training/campaigns', '/v1/training/enrollments']) {
      const { body } = await wire({ method: 'GET', url: `https://eu.api.knowbe4.com${path}`, headers: {}, body: null });
      const said: unknown = JSON.parse(new TextDecoder().decode(body));
      apart.push(...differences(shape(path), said, path));
      unheard.push(...strangers(shape(path), said, path));
    }
    expect(apart).toEqual([]);
    expect(unheard).toEqual([
      '/v1/training/enrollments.user.employee_number',
      '/v1/training/enrollments.campaign_id',
      '/v1/training/enrollments.store_purchase_id',
    ]);
  });

  it('gives what is read of a campaign and an enrolment under the same names', () => {
    const first = (path: string) => (madeOf(shape(path)) as readonly Readonly<Record<string, unknown>>[])[0] ?? {};
    const [campaign, enrollment] = [first('/v1/training/campaigns'), first('/v1/training/enrollments')];
    expect(Object.keys(Campaign.shape).filter((field) => !(field in campaign))).toEqual([]);
    expect(Object.keys(Enrollment.shape).filter((field) => !(field in enrollment))).toEqual(['campaign_id', 'store_purchase_id']);
    expect([Campaign.safeParse(campaign).success, Enrollment.safeParse(enrollment).success]).toEqual([true, true]);
  });

  it('is read as it answers', async () => {
    const wire: Wire = async ({ url }) => {
      const { pathname, searchParams } = new URL(url);
      const list = pathname === '/v1/account' || searchParams.get('page') === '1' ? (shapes[`GET ${pathname}`] ? madeOf(shape(pathname)) : []) : [];
      return { status: 200, headers: { 'content-type': 'application/json' }, body: new TextEncoder().encode(JSON.stringify(list)) };
    };
    const at = instant('2023-09-01T00:00:00Z');
    const { rows } = await collectOnce(knowbe4Training, { ...recorded(knowbe4Training, { region: 'eu' }, 'eu'), at, since: at - 30 * 86_400_000, wire });
    expect(rows('training.completions')).toEqual([
      expect.objectContaining({
        completionId: '7',
        course: 'made',
        learnerId: '7',
        learner: 'made made',
        learnerEmails: ['made'],
        hrId: null,
        passed: 'unknown',
      }),
    ]);
    expect(rows('training.courses')).toEqual([expect.objectContaining({ title: 'made', courseId: 'title made', active: 'unknown' })]);
  });
});
