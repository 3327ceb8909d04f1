import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { execFile } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { acmeWire } from '../../src/acme/wire.ts';
import { Incident, LogEntry, pagerdutyIncidents } from '../../src/collectors/pagerduty/incidents.ts';
import { days, instant, iso } from '../../src/core/instant.ts';
import type { AlertEvent } from '../../src/datasets/alert/events.ts';
import type { Wire } from '../../src/sources/wire.ts';
import { missing } from '../postgres.ts';
import { collectOnce, recorded, world } from '../recorded.ts';

// Nobody here wrote the other side: the client of PagerDuty's API that PagerDuty publishes, and its types of incidents and log entries.

const go = ['/usr/local/go/bin/go', 'go'].find((path) => spawnSync(path, ['version']).status === 0);
const CONFIG = { subdomain: 'acme', priorities: { P1: 'critical' }, conclusions: { confirmed: 'true_positive' } };
const TOKEN = 'secret-of-the-tests';
const now = world.ago(1, 6);
const since = world.ago(280);

if (go === undefined) it.skipIf(missing('Go', 'Install golang-go.'))('PagerDuty, as its own client reads it', () => undefined);
else {
  describe('PagerDuty', () => {
    const root = mkdtempSync(join(tmpdir(), 'pages-'));
    const program = join(root, 'read-pages');
    const asked: { readonly path: string; readonly accept: string | undefined; readonly authorization: string | undefined }[] = [];
    let server: Server;

    beforeAll(async () => {
      execFileSync(go, ['build', '-o', program, '.'], { cwd: join(import.meta.dirname, 'read-pages') });
      const wire = acmeWire(world, () => now);
      server = createServer(async ({ url = '', headers }, response) => {
        asked.push({ path: new URL(url, 'http://acme').pathname, accept: headers.accept, authorization: headers.authorization });
        const { status, headers: said, body } = await wire({ method: 'GET', url: `https://api.pagerduty.com${url}`, headers: {}, body: null });
        response.writeHead(status, said).end(body);
      });
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    }, 120_000);
    afterAll(async () => {
      await new Promise((resolve) => server.close(resolve));
      rmSync(root, { recursive: true });
    });

    it('is paged by its own client as it is here, under the same names', async () => {
      const { port } = server.address() as AddressInfo;
      const { stdout } = await promisify(execFile)(program, ['list', `http://127.0.0.1:${port}`, TOKEN, iso(since), iso(now)]);
      const theirs = JSON.parse(stdout) as Readonly<Record<'incidents' | 'entries', readonly Readonly<Record<string, unknown>>[]>>;
      const headers: { readonly accept: string | undefined; readonly authorization: string | undefined }[] = [];
      const wire = acmeWire(world, () => now);
      const watching: Wire = async (request) => {
        headers.push({ accept: request.headers.accept, authorization: request.headers.authorization });
        return wire(request);
      };
      const { artifacts } = await collectOnce(pagerdutyIncidents, { ...recorded(pagerdutyIncidents, CONFIG, 'acme'), at: now, since, wire: watching });
      const Page = z.object({ incidents: z.array(Incident).optional(), log_entries: z.array(LogEntry).optional() });
      const pages = artifacts.map(({ body }) => Page.parse(JSON.parse(new TextDecoder().decode(body))));
      const text = (at: number | null) => (at === null ? '' : iso(at));
      expect(theirs.incidents).toEqual(
        pages
          .flatMap(({ incidents = [] }) => incidents)
          .map((it) => ({
            ...{ id: it.id, number: it.incident_number, title: it.title, created: text(it.created_at), status: it.status, resolved: text(it.resolved_at) },
            ...{ urgency: it.urgency, priority: it.priority?.summary, service: it.service?.summary, page: it.html_url },
          })),
      );
      const byId = (a: { readonly id?: unknown }, b: { readonly id?: unknown }) => (String(a.id) < String(b.id) ? -1 : 1);
      expect(theirs.entries.toSorted(byId)).toEqual(
        pages
          .flatMap(({ log_entries: entries = [] }) => entries)
          .map((it) => ({
            ...{ id: it.id, type: it.type, created: text(it.created_at), agent: it.agent?.type, name: it.agent?.summary },
            ...{ channel: it.channel?.type, note: it.channel?.summary ?? null, incident: it.incident?.id },
          }))
          .toSorted(byId),
      );
      expect([theirs.incidents.length > 12, theirs.entries.length > 60]).toEqual([true, true]);
      const theirHeaders = asked.map(({ accept, authorization }) => ({ accept, authorization }));
      expect(headers[0]).toEqual(theirHeaders[0]);
      expect(new Set(asked.map(({ path }) => path))).toEqual(new Set(['/incidents', '/log_entries']));
    });

    it('is read here as its own types write it', async () => {
      const lists = JSON.parse(execFileSync(program, ['made'], { encoding: 'utf8' })) as Readonly<Record<string, readonly { readonly created_at: string }[]>>;
      const wire: Wire = async ({ url }) => {
        const { pathname, searchParams } = new URL(url);
        const within = ({ created_at: at }: { readonly created_at: string }) =>
          (searchParams.get('since') ?? '') <= at && at < (searchParams.get('until') ?? '');
        const list = pathname.slice(1);
        const body = JSON.stringify({ [list]: (lists[list] ?? []).filter(within), limit: 100, offset: 0, more: false });
        return { status: 200, headers: { 'content-type': 'application/json' }, body: new TextEncoder().encode(body) };
      };
      const at = instant('2026-03-20T00:00:00Z');
      const { rows } = await collectOnce(pagerdutyIncidents, { ...recorded(pagerdutyIncidents, CONFIG, 'acme'), at, since: at - days(14), wire });
      const said: Partial<AlertEvent> = { rule: 'Identity', told: ['acknowledgement', 'escalation', 'conclusion'] };
      expect(rows('alert.events')).toEqual([
        {
          ...{ ...said, systemId: 'pagerduty', alertId: 'Q1MADE', title: 'Sign-ins from two continents', severity: 'critical', incidentId: 'Q1MADE' },
          ...{ firedAt: instant('2026-03-12T12:00:00Z'), acknowledgedAt: instant('2026-03-12T12:13:00Z'), acknowledgedByKind: 'human' },
          ...{ acknowledgedBy: 'Maria Lopez', escalatedAt: instant('2026-03-12T12:12:00Z'), resolvedAt: instant('2026-03-12T13:30:00Z') },
          ...{ resolvedByKind: 'human', conclusion: 'true_positive', investigation: 'https://acme.pagerduty.com/incidents/Q1MADE', notified: 1 },
        },
        {
          ...{ ...said, systemId: 'pagerduty', alertId: 'Q2MADE', title: 'Disk is nearly full', severity: 'low', incidentId: 'Q2MADE' },
          ...{ firedAt: instant('2026-03-13T06:00:00Z'), acknowledgedAt: null, acknowledgedByKind: 'none', acknowledgedBy: null, escalatedAt: null },
          ...{ resolvedAt: null, resolvedByKind: 'none', conclusion: 'none', investigation: null, notified: 0 },
        },
      ]);
    });
  });
}
