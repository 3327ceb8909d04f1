import { createHmac, timingSafeEqual } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { ConfigurationError } from '../core/error.ts';
import type { Channel, ChannelConfig } from './channel.ts';
import { oneLine } from './inert.ts';
import { openChannel } from './open.ts';
import { pagerduty } from './pagerduty.ts';
import { guardedSend } from './post.ts';
import { message } from './testing/message.ts';
import { receiver } from './testing/receiver.ts';

const AT = Date.parse('2026-03-04T12:00:30Z');
const inbox = await receiver();
afterAll(() => inbox.close());
beforeEach(() => inbox.answer((response) => void response.writeHead(200).end('ok')));

const SECRETS: Readonly<Record<string, string>> = {
  'env:HOOK': `http://127.0.0.1:${inbox.port}/secret-path`,
  'env:KEY': 'a-secret-integration-key',
};
const send = guardedSend({ allowed: ['127.0.0.1'], timeout: 500 });
const printed: string[] = [];
const opened = (config: ChannelConfig): Channel =>
  openChannel(config, {
    send,
    clock: () => AT,
    print: (line) => void printed.push(line),
    secret(reference) {
      const value = SECRETS[reference];
      if (value === undefined) throw new ConfigurationError(`the environment variable ${reference.slice(4)} is not set`);
      return value;
    },
  });
const hook = opened({ kind: 'webhook', url: `http://127.0.0.1:${inbox.port}/hook`, secret: 'env:KEY' });
const slack = opened({ kind: 'slack', url: 'env:HOOK' });
const teams = opened({ kind: 'teams', url: 'env:HOOK' });
const pager = pagerduty(() => 'key', 'us', send, `http://127.0.0.1:${inbox.port}`);
const last = () => inbox.got.at(-1) as (typeof inbox.got)[number];
const lastBody = () => JSON.parse(last().body);

describe('a receiver that', () => {
  it('takes it', async () => expect(await hook.send(message())).toEqual({ ok: true }));

  it('answers 500, or that it is too much, is tried again, not before it asks for', async () => {
    inbox.answer((response) => void response.writeHead(500).end('<html>a stack trace with a-secret-integration-key</html>'));
    expect(await hook.send(message())).toEqual({ ok: false, because: 'it answered 500', retry: true, retryAfter: null });
    inbox.answer((response) => void response.writeHead(429, { 'retry-after': '30' }).end());
    expect(await hook.send(message())).toEqual({ ok: false, because: 'it answered 429', retry: true, retryAfter: 30_000 });
  });

  it('refuses is not tried again', async () => {
    inbox.answer((response) => void response.writeHead(403).end());
    expect(await hook.send(message())).toEqual({ ok: false, because: 'it answered 403', retry: false, retryAfter: null });
  });

  it('redirects is not followed', async () => {
    const before = inbox.got.length;
    inbox.answer((response) => void response.writeHead(307, { location: `http://127.0.0.1:${inbox.port}/elsewhere` }).end());
    expect(await hook.send(message())).toEqual({
      ok: false,
      because: 'it answered 307: it is elsewhere now, and nobody is followed',
      retry: false,
      retryAfter: null,
    });
    expect(inbox.got.slice(before).map(({ url }) => url)).toEqual(['/hook']);
  });

  it('hangs, or says its answer byte by byte, is left after a while', async () => {
    inbox.answer(() => undefined);
    const late = { ok: false, because: 'no answer within 0.5 s', retry: true, retryAfter: null };
    expect(await hook.send(message())).toEqual(late);
    inbox.answer((response) => {
      response.writeHead(200);
      const drip = setInterval(() => response.write('.'), 50);
      response.on('close', () => clearInterval(drip));
    });
    expect(await hook.send(message())).toEqual(late);
  });

  it('breaks off, or is not there, is tried again', async () => {
    inbox.answer((response) => void response.destroy());
    expect(await hook.send(message())).toMatchObject({ ok: false, because: 'it cannot be reached (ECONNRESET)', retry: true });
    const gone = opened({ kind: 'webhook', url: 'http://127.0.0.1:9/', secret: 'env:KEY' });
    expect(await gone.send(message())).toMatchObject({ ok: false, because: 'it cannot be reached (ECONNREFUSED)', retry: true });
  });

  it('answers without end is not read to it', async () => {
    inbox.answer((response) => {
      response.writeHead(200);
      const flood = () => {
        while (response.write(Buffer.alloc(65_536))) if (response.destroyed) return;
        response.once('drain', flood);
      };
      flood();
    });
    expect(await hook.send(message())).toEqual({ ok: true });
  });
});

it('says which secret is missing, and never what one is', async () => {
  const unset = opened({ kind: 'slack', url: 'env:NOT_SET' });
  expect(await unset.send(message())).toEqual({ ok: false, because: 'the environment variable NOT_SET is not set', retry: true, retryAfter: null });
  inbox.answer((response) => void response.writeHead(404).end());
  expect(JSON.stringify(await slack.send(message()))).not.toContain('secret-path');
});

describe('a signed webhook', () => {
  it('is verified as the documentation says, in the language of the reader', async () => {
    await hook.send(message());
    const { headers, body } = last();
    const [, code = ''] = /```js\n([\s\S]*?)```/.exec(readFileSync(new URL('../../docs/alerts.md', import.meta.url), 'utf8')) ?? [];
    // The example as it is printed, with its imports handed in.
    const verify = new Function('createHmac', 'timingSafeEqual', 'Buffer', `${code.replace(/^import.*$/gm, '')}\nreturn isFromTickmark;`)(
      createHmac,
      timingSafeEqual,
      Buffer,
    ) as (given: typeof headers, text: string, secret: string, now: number) => boolean;
    const key = SECRETS['env:KEY'] ?? '';
    expect(verify(headers, body, key, AT)).toBe(true);
    expect(verify(headers, body, 'another key', AT)).toBe(false);
    expect(verify(headers, body.replace('high', 'low!'), key, AT)).toBe(false);
    expect(verify({ ...headers, 'tickmark-delivery': 'A-other.1.0.chat' }, body, key, AT)).toBe(false);
    expect(verify({ ...headers, 'tickmark-signature': '' }, body, key, AT)).toBe(false);
    expect([AT + 299_000, AT + 302_000, AT - 302_000].map((now) => verify(headers, body, key, now))).toEqual([true, false, false]);
  });

  it('says what happened, and nothing that a source said but the name of an item', async () => {
    await hook.send(message());
    expect(lastBody()).toEqual({
      version: 1,
      delivery: 'A-k3fa9xq2mb.1.0.chat',
      alert: 'A-k3fa9xq2mb',
      says: 'raised',
      company: 'Acme',
      severity: 'high',
      title: 'AC-02 fails: Multi-factor authentication is required of the workforce',
      lines: ['Since 2026-03-04 12:00 UTC, by the rule control-fails'],
      url: 'https://tickmark.acme.example/alerts/A-k3fa9xq2mb',
      at: '2026-03-04T12:00:00Z',
      trial: false,
    });
  });
});

describe('PagerDuty', () => {
  it('takes the same alert as the same incident, from being raised to its end', async () => {
    inbox.answer((response) => void response.writeHead(202).end('{"status":"success"}'));
    await pager.send(message());
    expect([last().url, lastBody()]).toMatchObject([
      '/v2/enqueue',
      {
        routing_key: 'key',
        event_action: 'trigger',
        dedup_key: 'A-k3fa9xq2mb',
        payload: { source: 'Acme', severity: 'error', timestamp: '2026-03-04T12:00:00Z' },
        links: [{ href: 'https://tickmark.acme.example/alerts/A-k3fa9xq2mb' }],
      },
    ]);
    expect(lastBody().payload.summary.length).toBeLessThanOrEqual(1024);
    await pager.send(message({ says: 'acknowledged' }));
    expect(lastBody()).toEqual({ routing_key: 'key', event_action: 'acknowledge', dedup_key: 'A-k3fa9xq2mb' });
    await pager.send(message({ says: 'resolved' }));
    expect(lastBody()).toEqual({ routing_key: 'key', event_action: 'resolve', dedup_key: 'A-k3fa9xq2mb' });
  });

  it('is left alone where it refuses, and asked again where it is busy', async () => {
    inbox.answer((response) => void response.writeHead(400).end());
    expect(await pager.send(message())).toMatchObject({ ok: false, retry: false });
    inbox.answer((response) => void response.writeHead(429).end());
    expect(await pager.send(message())).toMatchObject({ ok: false, retry: true });
  });
});

describe('what a source calls an item', () => {
  const HOSTILE = oneLine('<!channel> @channel <script>alert(1)</script> [a](https://evil.example) *b*\r\nBcc: x@evil.example\u001b[2J\u202e\u0000 &');

  it('is one line, of things that can be read', () => {
    expect(HOSTILE).toBe('<!channel> @channel <script>alert(1)</script> [a](https://evil.example) *b* Bcc: x@evil.example [2J &');
    expect(oneLine(`\ud800${'x'.repeat(400)}`)).toBe(`\ufffd${'x'.repeat(298)}…`);
    expect(oneLine('\u{1f600}'.repeat(301))).toBe(`${'\u{1f600}'.repeat(299)}…`);
  });

  it('is no mention, no link and no emphasis in Slack', async () => {
    await slack.send(message({ title: HOSTILE }));
    const { text, blocks, link_names: links, mrkdwn } = lastBody();
    expect([text.includes('<'), text.includes('&lt;!channel&gt;'), links, mrkdwn]).toEqual([false, true, false, false]);
    expect(blocks.map(({ text: its }: { text: { type: string } }) => its.type)).toEqual(['plain_text', 'plain_text']);
    expect(blocks[0].text.text).toContain(HOSTILE);
  });

  it('is shown as it is in Teams', async () => {
    await teams.send(message({ title: HOSTILE }));
    const [{ content }] = lastBody().attachments;
    expect(content.body.map(({ type }: { type: string }) => type)).toEqual(['RichTextBlock', 'RichTextBlock']);
    expect(content.body[0].inlines).toEqual([{ type: 'TextRun', weight: 'bolder', text: `[high] Acme: ${HOSTILE} (A-k3fa9xq2mb)` }]);
    expect(content.actions).toEqual([{ type: 'Action.OpenUrl', title: 'Open in Tickmark', url: 'https://tickmark.acme.example/alerts/A-k3fa9xq2mb' }]);
  });

  it('writes one line where the server runs', async () => {
    await opened({ kind: 'terminal' }).send(message({ title: HOSTILE }));
    expect(printed.at(-1)).toBe(`[high] Acme: ${HOSTILE} (A-k3fa9xq2mb) https://tickmark.acme.example/alerts/A-k3fa9xq2mb`);
  });
});
