import type { AddressInfo } from 'node:net';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { afterEach, expect, it } from 'vitest';
import type { ChannelConfig } from './channel.ts';
import { email } from './email.ts';
import { oneLine } from './inert.ts';
import { message } from './testing/message.ts';

interface Mail {
  readonly from: string;
  readonly to: readonly string[];
  readonly text: string;
  readonly secure: boolean;
  readonly user: string | undefined;
}

const running: SMTPServer[] = [];
afterEach(async () => {
  for (const server of running.splice(0)) await new Promise<void>((done) => server.close(() => done()));
});

/** A real mail server on this machine, and what it was given. */
async function mailServer(options: SMTPServerOptions = {}): Promise<{ readonly port: number; readonly mails: readonly Mail[] }> {
  const mails: Mail[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onData(stream, session, done) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const { mailFrom, rcptTo } = session.envelope;
        mails.push({
          from: mailFrom === false ? '' : mailFrom.address,
          to: rcptTo.map(({ address }) => address),
          text: Buffer.concat(chunks).toString(),
          secure: session.secure,
          user: session.user as string | undefined,
        });
        done();
      });
    },
    ...options,
  });
  running.push(server);
  server.on('error', () => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { port: (server.server.address() as AddressInfo).port, mails };
}

const config = (port: number, over: Partial<Extract<ChannelConfig, { kind: 'email' }>> = {}) =>
  ({ kind: 'email', host: '127.0.0.1', port, tls: 'none', from: 'tickmark@acme.example', to: ['security@acme.example'], ...over }) as const;
const channel = (its: ReturnType<typeof config>, password: string | null = null) => email(its, { password: () => password, timeout: 1000 });
const headersOf = ({ text }: Mail): Readonly<Record<string, string>> => {
  const [head = ''] = text.split('\r\n\r\n');
  const lines = head.replace(/\r\n[ \t]+/g, ' ').split('\r\n');
  return Object.fromEntries(lines.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 2)]));
};

it('brings a mail that is known again, however often it is tried', async () => {
  const { port, mails } = await mailServer();
  const mail = channel(config(port, { to: ['security@acme.example', 'cto@acme.example'] }));
  expect([await mail.send(message()), await mail.send(message({ says: 'resolved', delivery: 'A-k3fa9xq2mb.resolved.4.chat' }))]).toEqual([
    { ok: true },
    { ok: true },
  ]);
  const [first, second] = mails as [Mail, Mail];
  expect(first).toMatchObject({ from: 'tickmark@acme.example', to: ['security@acme.example', 'cto@acme.example'] });
  expect(headersOf(first)).toMatchObject({
    subject: '[high] Acme: AC-02 fails: Multi-factor authentication is required of the workforce (A-k3fa9xq2mb)',
    'message-id': '<A-k3fa9xq2mb.1.0.chat@acme.example>',
    references: '<A-k3fa9xq2mb@acme.example>',
    'auto-submitted': 'auto-generated',
  });
  expect(headersOf(second)).toMatchObject({ 'message-id': '<A-k3fa9xq2mb.resolved.4.chat@acme.example>', references: '<A-k3fa9xq2mb@acme.example>' });
  expect(first.text).toContain('https://tickmark.acme.example/alerts/A-k3fa9xq2mb');
});

it('has no header and no recipient of a name that a source gave', async () => {
  const { port, mails } = await mailServer();
  const title = oneLine('key\r\nBcc: all@evil.example\r\n\r\n<b>hello</b>');
  await channel(config(port)).send(message({ title, lines: [oneLine('.\r\nQUIT')] }));
  const [mail] = mails as [Mail];
  expect([mail.to, Object.keys(headersOf(mail)).includes('bcc')]).toEqual([['security@acme.example'], false]);
  expect(headersOf(mail)).toMatchObject({
    subject: '[high] Acme: key Bcc: all@evil.example <b>hello</b> (A-k3fa9xq2mb)',
    'content-type': 'text/plain; charset=utf-8',
  });
});

it('tells nothing, and no password, to whoever it cannot verify', async () => {
  const onAuth: SMTPServerOptions['onAuth'] = ({ username, password }, _, done) =>
    password === 'the password' ? done(null, { user: username ?? '' }) : done(new Error('no'));
  // The certificate that smtp-server brings along is nobody's.
  const { port, mails } = await mailServer({ disabledCommands: [], authOptional: false, onAuth });
  const mail = channel(config(port, { tls: 'starttls', user: 'tickmark', password: 'env:SMTP' }), 'the password');
  expect(await mail.send(message())).toMatchObject({ ok: false, because: expect.stringContaining('cannot be reached') });
  const plain = await mailServer();
  expect(await channel(config(plain.port, { tls: 'starttls' })).send(message())).toMatchObject({
    ok: false,
    because: expect.stringContaining('ETLS'),
    retry: false,
  });
  expect([mails, plain.mails]).toEqual([[], []]);
});

it('tells a wrong password from a server that is busy or refuses, and repeats no word of it', async () => {
  const { port } = await mailServer({
    authOptional: false,
    allowInsecureAuth: true,
    onAuth: ({ password }, _, done) => done(new Error(`wrong: ${password}`)),
  });
  const denied = await channel(config(port, { user: 'tickmark', password: 'env:SMTP' }), 'a wrong password').send(message());
  expect(denied).toEqual({ ok: false, because: 'the mail server answered 535 (EAUTH)', retry: false, retryAfter: null });
  const busy = await mailServer({ onRcptTo: (_, __, done) => done(Object.assign(new Error('greylisted'), { responseCode: 451 })) });
  expect(await channel(config(busy.port)).send(message())).toMatchObject({ ok: false, because: expect.stringContaining('451'), retry: true });
  const refuses = await mailServer({ onRcptTo: (_, __, done) => done(Object.assign(new Error('no such user'), { responseCode: 550 })) });
  expect(await channel(config(refuses.port)).send(message())).toMatchObject({ ok: false, because: expect.stringContaining('550'), retry: false });
  expect(await channel(config(9)).send(message())).toMatchObject({ ok: false, retry: true });
});
