import { IntegrityError } from '../core/error.ts';

/**
 * The ustar format (POSIX.1-1988), of which one spelling only is written and read: plain files in ascending order of
 * their names, mode 0644, no owner, no time. The same files always give the same bytes, and whatever a reader could be
 * tricked with (links, devices, paths that lead elsewhere, names that come twice, bytes between files) is refused.
 */
const BLOCK = 512;
/** What eleven octal digits can say. */
const MAX_SIZE = 8 ** 11 - 1;
/** Each part begins with a letter, a digit or "%", so that none leads out of the folder it is unpacked in, or hides. */
const NAME = /^[A-Za-z0-9%][A-Za-z0-9._%-]*(\/[A-Za-z0-9%][A-Za-z0-9._%-]*)*$/;
/** Two blocks of zeros, and nothing after them. */
export const TAR_END: Buffer = Buffer.alloc(2 * BLOCK);

export interface TarFile {
  readonly name: string;
  /** Where its bytes begin. */
  readonly offset: number;
  readonly size: number;
}

/** The block before a file. Throws `RangeError` on a name or a size that the format has no spelling for. */
export function tarHeader(name: string, size: number): Buffer {
  if (!NAME.test(name)) throw new RangeError(`not a name within the bundle: ${name}`);
  if (!Number.isSafeInteger(size) || size < 0 || size > MAX_SIZE) throw new RangeError(`${name} has ${size} bytes, at most ${MAX_SIZE}`);
  const { prefix, rest } = splitName(name);
  const block = Buffer.from(SAME);
  block.write(rest, 0, 'latin1');
  block.write(size.toString(8).padStart(11, '0'), 124, 'latin1');
  block.write(prefix, 345, 'latin1');
  let sum = 0;
  for (let place = 0; place < BLOCK; place++) sum += block[place] as number;
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return block;
}

/** What every header says: mode, nobody as owner, no time, a plain file; spaces where the sum will stand. */
const SAME: Buffer = (() => {
  const block = Buffer.alloc(BLOCK);
  const fields: readonly (readonly [offset: number, text: string])[] = [
    [100, '0000644'],
    [108, '0000000'],
    [116, '0000000'],
    [136, '00000000000'],
    [148, ' '.repeat(8)],
    [156, '0'],
    [257, 'ustar\u000000'],
    [329, '0000000'],
    [337, '0000000'],
  ];
  for (const [offset, text] of fields) block.write(text, offset, 'latin1');
  return block;
})();

/** What follows a file of that many bytes, up to the next block. */
export const tarPadding = (size: number): Buffer => Buffer.alloc((BLOCK - (size % BLOCK)) % BLOCK);

export interface TarLimits {
  readonly files: number;
  /** Bytes of one file. */
  readonly size: number;
}

/**
 * Its files, one after the other; none is read. Throws `IntegrityError` at the first byte that {@link tarHeader} would
 * not have written, or where a limit is passed: what it costs is bounded by the limits, whatever the bytes say.
 */
export function* tarFiles(read: (offset: number, length: number) => Buffer, total: number, { files, size: most }: TarLimits): Generator<TarFile> {
  let [offset, count, last] = [0, 0, ''];
  for (;;) {
    const block = read(offset, BLOCK);
    if (block.length < BLOCK) throw fails('it is cut short');
    if (block.equals(TAR_END.subarray(0, BLOCK))) break;
    const { name, size } = headerOf(block);
    if (name <= last) throw fails(name === last ? `it holds ${name} twice` : `${name} does not come in the order of names`);
    if (++count > files) throw fails(`it holds more than ${files} files`);
    if (size > most) throw fails(`${name} declares ${size} bytes, at most ${most}`);
    const end = offset + BLOCK + size;
    const padding = tarPadding(size);
    if (end + padding.length + TAR_END.length > total) throw fails(`${name} is cut short`);
    yield { name, offset: offset + BLOCK, size };
    if (!read(end, padding.length).equals(padding)) throw fails(`bytes stand between ${name} and the next file`);
    offset = end + padding.length;
    last = name;
  }
  if (total !== offset + TAR_END.length || !read(offset, TAR_END.length).equals(TAR_END)) throw fails('it goes on after its end');
}

const KINDS: Readonly<Record<string, string>> = {
  '1': 'a link',
  '2': 'a link',
  '3': 'a device',
  '4': 'a device',
  '5': 'a folder',
  '6': 'a pipe',
  L: 'an extension header',
  g: 'an extension header',
  x: 'an extension header',
};

function headerOf(block: Buffer): { readonly name: string; readonly size: number } {
  const field = (from: number, length: number) => {
    const end = block.indexOf(0, from);
    return block.toString('latin1', from, end < 0 ? from + length : Math.min(end, from + length));
  };
  const [rest, prefix, type] = [field(0, 100), field(345, 155), field(156, 1)];
  const name = prefix === '' ? rest : `${prefix}/${rest}`;
  const size = field(124, 12);
  const shown = () => JSON.stringify(name.slice(0, 100));
  if (type in KINDS) throw fails(`${shown()} is ${KINDS[type] ?? ''}, and only plain files may be there`);
  if (!NAME.test(name)) throw fails(`${shown()} is not a name within the bundle`);
  if (!/^[0-7]{11}$/.test(size)) throw fails(`${shown()} has no plain size`);
  const bytes = Number.parseInt(size, 8);
  if (!tarHeader(name, bytes).equals(block)) throw fails(`the header of ${shown()} is not the one that would have been written`);
  return { name, size: bytes };
}

/** A name of up to 100 bytes stands alone; a longer one is split at the last "/" that fits. */
function splitName(name: string): { readonly prefix: string; readonly rest: string } {
  if (name.length <= 100) return { prefix: '', rest: name };
  const split = name.lastIndexOf('/', 155);
  if (split < 1 || name.length - split - 1 > 100) throw new RangeError(`the name is too long: ${name}`);
  return { prefix: name.slice(0, split), rest: name.slice(split + 1) };
}

const fails = (says: string): IntegrityError => new IntegrityError('TAR', `the file is not a bundle: ${says}`);
