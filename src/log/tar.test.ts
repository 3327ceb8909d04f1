import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { IntegrityError } from '../core/error.ts';
import { TAR_END, tarFiles, tarHeader, tarPadding } from './tar.ts';

const LIMITS = { files: 100, size: 10_000 };
const packed = (files: readonly (readonly [name: string, body: string])[]): Buffer =>
  Buffer.concat([
    ...files.flatMap(([name, body]) => [tarHeader(name, Buffer.byteLength(body)), Buffer.from(body), tarPadding(Buffer.byteLength(body))]),
    TAR_END,
  ]);
const read = (bytes: Buffer, limits = LIMITS) =>
  [...tarFiles((offset, length) => bytes.subarray(offset, offset + length), bytes.length, limits)].map(({ name, offset, size }) => [
    name,
    bytes.toString('utf8', offset, offset + size),
  ]);
const refusal = (bytes: Buffer, limits = LIMITS): string => {
  try {
    read(bytes, limits);
    return 'nothing';
  } catch (error) {
    if (!(error instanceof IntegrityError)) throw error;
    return error.message.replace('the file is not a bundle: ', '');
  }
};

const ONE = packed([['a/b.txt', 'hello']]);
/** A header with some of its bytes replaced, and a sum that fits. */
function forged(change: (block: Buffer) => void): Buffer {
  const bytes = Buffer.from(ONE);
  change(bytes);
  bytes.write(' '.repeat(8), 148, 'latin1');
  const sum = bytes.subarray(0, 512).reduce((total, byte) => total + byte, 0);
  bytes.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return bytes;
}
const named = (name: string) =>
  forged((block) => {
    block.fill(0, 0, 100);
    block.write(name, 0, 'latin1');
  });
const typed = (type: string) => forged((block) => void block.write(type, 156, 'latin1'));

describe('a tar', () => {
  it('gives back what was written, whatever the sizes', () => {
    const name = fc.stringMatching(/^[A-Za-z0-9%][A-Za-z0-9._%-]{0,20}(\/[A-Za-z0-9][A-Za-z0-9._-]{0,20}){0,6}$/);
    fc.assert(
      fc.property(fc.dictionary(name, fc.string({ maxLength: 1500 }), { maxKeys: 8 }), (files) => {
        const sorted = Object.entries(files).sort(([a], [b]) => (a < b ? -1 : 1));
        expect(read(packed(sorted))).toEqual(sorted);
      }),
      { numRuns: 100 },
    );
  });

  it('writes the very bytes of POSIX ustar', () => {
    const header = tarHeader('a/b.txt', 5);
    expect(header.toString('latin1', 0, 8)).toBe('a/b.txt\0');
    expect(header.toString('latin1', 100, 108)).toBe('0000644\0');
    expect(header.toString('latin1', 124, 136)).toBe('00000000005\0');
    expect(header.toString('latin1', 148, 156)).toBe('010402\0 ');
    expect(header.toString('latin1', 257, 265)).toBe('ustar\x0000');
  });

  it('splits a name that is longer than a hundred bytes, and refuses what it cannot spell', () => {
    const long = `${'a'.repeat(90)}/${'b'.repeat(90)}`;
    expect(read(packed([[long, 'x']]))).toEqual([[long, 'x']]);
    expect(() => tarHeader('a'.repeat(101), 1)).toThrow(/the name is too long/);
    expect(() => tarHeader('../a', 1)).toThrow(/not a name within the bundle: \.\.\/a/);
    expect(() => tarHeader('a', 8 ** 11)).toThrow(/a has 8589934592 bytes/);
  });

  it.each([
    ['a path that leads out', named('../evil'), '"../evil" is not a name within the bundle'],
    ['a path that leads out in the middle', named('a/../../evil'), '"a/../../evil" is not a name within the bundle'],
    ['an absolute path', named('/etc/passwd'), '"/etc/passwd" is not a name within the bundle'],
    ['a hidden file', named('.bashrc'), '".bashrc" is not a name within the bundle'],
    ['a backslash', named('a\\b'), '"a\\\\b" is not a name within the bundle'],
    ['no name', named(''), '"" is not a name within the bundle'],
    ['a hard link', typed('1'), '"a/b.txt" is a link, and only plain files may be there'],
    ['a symbolic link', typed('2'), '"a/b.txt" is a link, and only plain files may be there'],
    ['a device', typed('3'), '"a/b.txt" is a device, and only plain files may be there'],
    ['a folder', typed('5'), '"a/b.txt" is a folder, and only plain files may be there'],
    ['an extension header of POSIX', typed('x'), '"a/b.txt" is an extension header, and only plain files may be there'],
    ['a long name of GNU', typed('L'), '"a/b.txt" is an extension header, and only plain files may be there'],
    ['another mode', forged((block) => void block.write('0000755', 100, 'latin1')), 'the header of "a/b.txt" is not the one that would have been written'],
    ['a time', forged((block) => void block.write('00000000001', 136, 'latin1')), 'the header of "a/b.txt" is not the one that would have been written'],
    ['a size in base 256', forged((block) => void block.write('\x80\0\0\0\0\0\0\0\0\0\0\x05', 124, 'latin1')), '"a/b.txt" has no plain size'],
    ['a negative size', forged((block) => void block.write('-0000000005', 124, 'latin1')), '"a/b.txt" has no plain size'],
    ['a huge size', forged((block) => void block.write('77777777777', 124, 'latin1')), 'a/b.txt declares 8589934591 bytes, at most 10000'],
    ['a size beyond the end', forged((block) => void block.write('00000005000', 124, 'latin1')), 'a/b.txt is cut short'],
    [
      'a wrong sum',
      Buffer.concat([ONE.subarray(0, 150), Buffer.from('9'), ONE.subarray(151)]),
      'the header of "a/b.txt" is not the one that would have been written',
    ],
    ['bytes in the padding', Buffer.concat([ONE.subarray(0, 600), Buffer.from('x'), ONE.subarray(601)]), 'bytes stand between a/b.txt and the next file'],
    ['bytes after the end', Buffer.concat([ONE, Buffer.alloc(512)]), 'it goes on after its end'],
    ['one block of zeros at the end', ONE.subarray(0, -512), 'a/b.txt is cut short'],
    ['nothing', Buffer.alloc(0), 'it is cut short'],
    [
      'a name that comes twice',
      packed([
        ['a', '1'],
        ['a', '2'],
      ]),
      'it holds a twice',
    ],
    [
      'names out of order',
      packed([
        ['b', '1'],
        ['a', '2'],
      ]),
      'a does not come in the order of names',
    ],
  ])('refuses %s', (_, bytes, says) => {
    expect(refusal(bytes)).toBe(says);
  });

  it('stops at the limit of files, however many there are', () => {
    const many = packed(Array.from({ length: 200 }, (_, place) => [`f${String(place).padStart(6, '0')}`, '']));
    expect(refusal(many)).toBe('it holds more than 100 files');
    let reads = 0;
    const counting = (offset: number, length: number) => {
      reads++;
      return many.subarray(offset, offset + length);
    };
    const counted = () => [...tarFiles((offset, length) => counting(offset, length), many.length, LIMITS)];
    expect(counted).toThrow(/more than 100 files/);
    expect(reads).toBeLessThan(210);
  });

  it('never fails otherwise than it says, whatever bytes it is given', () => {
    fc.assert(
      fc.property(fc.array(fc.record({ at: fc.nat(ONE.length - 1), byte: fc.nat(255) }), { minLength: 1, maxLength: 20 }), (changes) => {
        const bytes = Buffer.from(ONE);
        for (const { at, byte } of changes) bytes[at] = byte;
        const body = bytes.subarray(512, 517);
        const said = refusal(bytes);
        // Only the body of the file is free: every other byte is the one that would have been written.
        expect(said === 'nothing').toBe(
          bytes.subarray(0, 512).equals(ONE.subarray(0, 512)) && bytes.subarray(517).equals(ONE.subarray(517)) && body.length === 5,
        );
      }),
      { numRuns: 300 },
    );
  });
});
