import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSecureContext, TLSSocket } from 'node:tls';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Endpoint, Offer } from '../collectors/source.ts';
import { IncompleteError } from '../core/error.ts';
import { tlsSource } from './tls.ts';
import { tlsWire } from './tls-wire.ts';

const dir = mkdtempSync(join(tmpdir(), 'tls-'));
let identity: { readonly key: Buffer; readonly cert: Buffer };
const servers: Server[] = [];
const open = new Set<Socket>();

beforeAll(() => {
  const args = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', 'key', '-out', 'cert', '-days', '30', '-subj', '/CN=app.acme.example'];
  execFileSync('openssl', [...args, '-addext', 'subjectAltName=DNS:app.acme.example'], { cwd: dir, stdio: 'pipe' });
  identity = { key: readFileSync(join(dir, 'key')), cert: readFileSync(join(dir, 'cert')) };
});
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
  for (const socket of open) socket.destroy();
  open.clear();
});
afterAll(() => rmSync(dir, { recursive: true }));

/** A server that does with each connection what it is told, and its endpoint. */
async function served(handle: (socket: Socket, place: number) => void, starttls: Endpoint['starttls'] = null): Promise<Endpoint> {
  let place = 0;
  const server = createServer((socket) => {
    open.add(socket.on('error', () => undefined));
    handle(socket, ++place);
  });
  servers.push(server);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return { host: '127.0.0.1', port: (server.address() as AddressInfo).port, servername: 'app.acme.example', starttls };
}

const speaks = (socket: Socket) => {
  const tls = new TLSSocket(socket, { isServer: true, secureContext: createSecureContext({ ...identity, minVersion: 'TLSv1.2' }) });
  tls.on('error', () => undefined);
};

const NEW: Offer = { version: 'TLSv1.2', ciphers: ['c02f', 'c030'], exhaust: false };
const OLD: Offer = { version: 'TLSv1', ciphers: ['c013', 'c014'], exhaust: false };
const asking = (endpoint: Endpoint, timeout = 400) => tlsSource({ wire: tlsWire({ timeout }), clock: () => 0, allowed: [`${endpoint.host}:${endpoint.port}`] });
const examined = async (endpoint: Endpoint, offers: readonly Offer[], roots: string | null = null) =>
  JSON.parse(new TextDecoder().decode((await asking(endpoint).examine('handshakes', endpoint, offers, roots)).body)) as {
    readonly outcomes: readonly { readonly version: string; readonly accepted: readonly string[]; readonly ended: object | null }[];
    readonly session: Readonly<Record<string, unknown>>;
    readonly roots: string;
  };

describe('handshakes', () => {
  it('are taken and refused, and the certificate is read as it was served', async () => {
    const endpoint = await served(speaks);
    const { outcomes, session, roots } = await examined(endpoint, [NEW, OLD, { ...NEW, exhaust: true }], identity.cert.toString());
    expect(outcomes).toEqual([
      { version: 'TLSv1.2', exhaust: false, accepted: [expect.stringMatching(/^c0(2f|30)$/)], ended: null },
      { version: 'TLSv1', exhaust: false, accepted: [], ended: { by: 'alert', code: 70 } },
      { version: 'TLSv1.2', exhaust: true, accepted: expect.arrayContaining(['c02f', 'c030']), ended: null },
    ]);
    expect(session).toMatchObject({ protocol: 'TLSv1.3', verdict: 'trusted', anchored: true, nameMatches: true });
    expect(session.certificates).toMatchObject([
      { subject: 'CN=app.acme.example', key: { type: 'rsa', bits: 2048 }, signature: 'sha256WithRSAEncryption', selfSigned: true },
    ]);
    expect(roots).toBe('1 configured');
  });

  it('are trusted by the roots that Node brings, where none is given', async () => {
    const { session, roots } = await examined(await served(speaks), [NEW]);
    expect(session).toMatchObject({ verdict: 'DEPTH_ZERO_SELF_SIGNED_CERT', anchored: false });
    expect(roots).toMatch(/^\d+ of Node \d+/);
  });

  it('that are cut once are tried again', async () => {
    const endpoint = await served((socket, place) => (place === 1 ? socket.once('data', () => socket.destroy()) : speaks(socket)));
    expect((await examined(endpoint, [NEW])).outcomes).toMatchObject([{ accepted: [expect.stringMatching(/^c0/)], ended: null }]);
  });

  it.each([
    ['closed', (socket: Socket) => socket.end()],
    ['reset', (socket: Socket) => socket.resetAndDestroy()],
    ['silence', () => undefined],
    ['other', (socket: Socket) => socket.write('SSH-2.0-made-up\r\n')],
  ])('that are cut twice or met with silence are told as such: %s', async (by, treat) => {
    // The version stands in the hello: of TLS 1.0 it is 3, 1.
    const endpoint = await served((socket) =>
      socket.once('data', (bytes) => {
        if (bytes[9] === 3 && bytes[10] === 1) return void treat(socket);
        socket.pause();
        socket.unshift(bytes);
        speaks(socket);
      }),
    );
    const { outcomes } = await examined(endpoint, [NEW, OLD]);
    expect(outcomes.map(({ accepted, ended }) => [accepted.length, ended])).toEqual([
      [1, null],
      [0, { by }],
    ]);
  });

  it('that something on the way begins to cut are no refusal', async () => {
    // Two connections are let through and the two of the whole handshakes; the old version and whatever follows is cut.
    const endpoint = await served((socket, place) =>
      place === 1 || place === 4 || place === 5 ? speaks(socket) : socket.once('data', () => socket.resetAndDestroy()),
    );
    const asked = asking(endpoint).examine('handshakes', endpoint, [NEW, OLD], null);
    await expect(asked).rejects.toThrow(IncompleteError);
    await expect(asked).rejects.toThrow('it accepted TLSv1.2 at first and did not in the end (reset): something on the way cuts connections');
  });

  it('with a host that cannot be reached have no outcome', async () => {
    const endpoint = await served(speaks);
    await new Promise((done) => servers.pop()?.close(done));
    const asked = asking(endpoint).examine('handshakes', endpoint, [NEW], null);
    await expect(asked).rejects.toThrow(IncompleteError);
    await expect(asked).rejects.toThrow(/could not be asked: connect ECONNREFUSED/);
  });

  it('with a host that dies midway have none either', async () => {
    const endpoint = await served((socket, place) => {
      if (place === 1) servers.pop()?.close();
      speaks(socket);
    });
    await expect(asking(endpoint).examine('handshakes', endpoint, [NEW, OLD], null)).rejects.toThrow(IncompleteError);
  });
});

describe('TLS that begins in the midst of another protocol', () => {
  const talk = (turns: readonly (readonly [RegExp, string])[], greeting: string) => (socket: Socket) => {
    let place = 0;
    if (greeting !== '') socket.write(greeting);
    const listen = (bytes: Buffer) => {
      const [expected, answer] = turns[place++] ?? [/^$/, ''];
      if (!expected.test(bytes.toString('latin1'))) return void socket.destroy();
      if (place < turns.length) return void socket.write(answer);
      socket.off('data', listen).pause();
      socket.write(answer, () => speaks(socket));
    };
    socket.on('data', listen);
  };

  it.each([
    [
      'smtp',
      talk(
        [
          [/^EHLO tickmark\r\n$/, '250-mail.acme.example\r\n250 STARTTLS\r\n'],
          [/^STARTTLS\r\n$/, '220 Go ahead\r\n'],
        ],
        '220 mail.acme.example ESMTP\r\n',
      ),
    ],
    ['imap', talk([[/^a1 STARTTLS\r\n$/, 'a1 OK Begin\r\n']], '* OK made up\r\n')],
    ['postgres', talk([[/^\x00\x00\x00\x08\x04\xd2\x16\x2f$/, 'S']], '')],
  ] as const)('%s', async (starttls, handle) => {
    const { outcomes, session } = await examined(await served(handle, starttls), [NEW, OLD]);
    expect(outcomes.map(({ accepted }) => accepted.length)).toEqual([1, 0]);
    expect(session).toMatchObject({ protocol: 'TLSv1.3', nameMatches: true });
  });

  it.each([
    [
      'smtp',
      talk(
        [
          [/EHLO/, '250 mail.acme.example\r\n'],
          [/STARTTLS/, '502 no\r\n'],
        ],
        '220 mail.acme.example\r\n',
      ),
      '502 no',
    ],
    ['imap', talk([[/STARTTLS/, 'a1 BAD no\r\n']], '* OK made up\r\n'), 'a1 BAD no'],
    ['postgres', talk([[/^/, 'N']], ''), 'it said N'],
  ] as const)('%s that will not begin it has no outcome', async (starttls, handle, says) => {
    const endpoint = await served(handle, starttls);
    await expect(asking(endpoint).examine('handshakes', endpoint, [NEW], null)).rejects.toThrow(new RegExp(`${starttls} did not begin TLS: .*${says}`));
  });
});

describe('requests', () => {
  const answered = async (endpoint: Endpoint) =>
    JSON.parse(new TextDecoder().decode((await asking(endpoint).request('plain', endpoint, false)).body)) as object;

  it('keep the status and what it says of TLS, and follow nothing', async () => {
    const endpoint = await served((socket) => {
      socket.once('data', () => socket.end('HTTP/1.1 301 Moved\r\nLocation: https://app.acme.example/\r\nSet-Cookie: id=1\r\nContent-Length: 0\r\n\r\n'));
    });
    expect(await answered(endpoint)).toEqual({ address: '127.0.0.1', status: 301, headers: { location: 'https://app.acme.example/' } });
  });

  it('tell that nothing listens, and what is no answer', async () => {
    const silent = await served(() => undefined);
    expect(await answered(silent)).toEqual({ address: '127.0.0.1', failed: 'ESILENCE' });
    for (const socket of open) socket.destroy();
    await new Promise((done) => servers.pop()?.close(done));
    expect(await answered(silent)).toEqual({ address: '127.0.0.1', failed: 'ECONNREFUSED' });
    const other = await served((socket) => socket.end('220 made up\r\n'));
    expect(await answered(other)).toEqual({ address: '127.0.0.1', failed: 'HPE_INVALID_CONSTANT' });
  });
});

it('connects to nothing that the configuration does not name', async () => {
  const endpoint = await served(speaks);
  const source = tlsSource({ wire: tlsWire(), clock: () => 0, allowed: [`127.0.0.1:${endpoint.port + 1}`] });
  for (const asked of [source.examine('handshakes', endpoint, [NEW], null), source.request('plain', endpoint, false)]) {
    await expect(asked).rejects.toThrow('is not among the endpoints of the configuration');
    await expect(asked).rejects.toThrow(IncompleteError);
  }
  expect(open.size).toBe(0);
});

it('gives no two questions one name', async () => {
  const endpoint = await served(speaks);
  const source = asking(endpoint);
  await source.examine('handshakes', endpoint, [NEW], null);
  await expect(source.examine('handshakes', endpoint, [NEW], null)).rejects.toThrow('handshakes was asked twice in one run');
  expect(source.questions()).toMatchObject([{ name: 'handshakes', pages: 1, ended: true }]);
});
