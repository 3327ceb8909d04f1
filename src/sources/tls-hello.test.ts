import fc from 'fast-check';
import { expect, it } from 'vitest';
import { clientHello, readAnswer } from './tls-hello.ts';

const u16 = (number: number) => Buffer.from([number >> 8, number & 255]);
const record = (type: number, body: Buffer, version = 0x0303) => Buffer.concat([Buffer.from([type]), u16(version), u16(body.length), body]);

/** A hello as RFC 5246 and 8446 draw it. */
function serverHello(version: number, cipher: string, extension = Buffer.alloc(0), session = 32): Buffer {
  const body = Buffer.concat([
    u16(version),
    Buffer.alloc(32, 7),
    Buffer.from([session]),
    Buffer.alloc(session, 9),
    Buffer.from(cipher, 'hex'),
    Buffer.from([0]),
    ...(extension.length > 0 ? [u16(extension.length), extension] : []),
  ]);
  return Buffer.concat([Buffer.from([2, 0]), u16(body.length), body]);
}

const V13 = Buffer.concat([u16(43), u16(2), u16(0x0304)]);
const NAME = Buffer.concat([u16(0), u16(0)]);

it.each([
  ['TLS 1.2', record(22, serverHello(0x0303, 'c02f')), { by: 'hello', version: 'TLSv1.2', cipher: 'c02f' }],
  ['SSL 3 without a session', record(22, serverHello(0x0300, '0005', undefined, 0), 0x0300), { by: 'hello', version: 'SSLv3', cipher: '0005' }],
  ['TLS 1.3, which says so in an extension only', record(22, serverHello(0x0303, '1301', V13)), { by: 'hello', version: 'TLSv1.3', cipher: '1301' }],
  ['an extension before it', record(22, serverHello(0x0303, '1301', Buffer.concat([NAME, V13]))), { by: 'hello', version: 'TLSv1.3', cipher: '1301' }],
  ['a version without a name', record(22, serverHello(0x0305, '1301')), { by: 'hello', version: '0x305', cipher: '1301' }],
  ['an alert', record(21, Buffer.from([2, 70])), { by: 'alert', code: 70 }],
  [
    'a hello behind a warning',
    Buffer.concat([record(21, Buffer.from([1, 112])), record(22, serverHello(0x0303, 'c02f'))]),
    { by: 'hello', version: 'TLSv1.2', cipher: 'c02f' },
  ],
  ['a farewell, which is a warning too', record(21, Buffer.from([1, 0])), { by: 'alert', code: 0 }],
  ['HTTP', Buffer.from('HTTP/1.1 400 Bad Request\r\n'), { by: 'other' }],
  ['SMTP', Buffer.from('220 mail.acme.example\r\n'), { by: 'other' }],
  ['a handshake message that is no hello', record(22, Buffer.from([11, 0, 0, 0])), { by: 'other' }],
  ['a hello that ends too early', record(22, Buffer.from([2, 0, 0, 4, 3, 3, 0, 0])), { by: 'other' }],
])('reads %s', (_, bytes, expected) => expect(readAnswer(bytes)).toEqual(expected));

it('waits for the whole of it, in however many records', () => {
  const hello = serverHello(0x0303, '1302', V13);
  const bytes = Buffer.concat([record(22, hello.subarray(0, 3)), record(22, hello.subarray(3, 50)), record(22, hello.subarray(50))]);
  for (let length = 0; length < bytes.length; length++) expect(readAnswer(bytes.subarray(0, length)), String(length)).toBeNull();
  expect(readAnswer(bytes)).toEqual({ by: 'hello', version: 'TLSv1.3', cipher: '1302' });
});

it('never throws, whatever a host sends', () => {
  const sent = fc.oneof(
    fc.uint8Array({ maxLength: 200 }),
    fc.tuple(fc.constantFrom(21, 22), fc.uint8Array({ maxLength: 120 })).map(([type, body]) => new Uint8Array(record(type, Buffer.from(body)))),
    fc.uint8Array({ maxLength: 90 }).map((body) => new Uint8Array(record(22, Buffer.concat([Buffer.from([2, 0]), u16(body.length), body])))),
  );
  fc.assert(
    fc.property(sent, (bytes) => {
      const answered = readAnswer(Buffer.from(bytes));
      return answered === null || ['hello', 'alert', 'other'].includes(answered.by);
    }),
    { numRuns: 2000 },
  );
});

it.each([
  ['SSLv3', 0x0300, 0x0300],
  ['TLSv1', 0x0301, 0x0301],
  ['TLSv1.1', 0x0301, 0x0302],
  ['TLSv1.2', 0x0301, 0x0303],
  ['TLSv1.3', 0x0301, 0x0303],
] as const)('offers %s alone', (version, recorded, offered) => {
  const hello = clientHello(version, ['c02f', '000a'], 'app.acme.example');
  expect(hello[0]).toBe(22);
  expect(hello.readUInt16BE(1)).toBe(recorded);
  expect(hello.readUInt16BE(3)).toBe(hello.length - 5);
  expect(hello.readUInt16BE(9)).toBe(offered);
  expect(hello.includes(Buffer.from('c02f000a', 'hex'))).toBe(true);
  expect(hello.includes('app.acme.example')).toBe(version !== 'SSLv3');
  expect(clientHello(version, ['c02f'], '192.0.2.1').includes('192.0.2.1')).toBe(false);
});
