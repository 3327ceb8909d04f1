import zlib from 'node:zlib';

/**
 * Compression of payloads: each a zstd frame (RFC 8878) of its own. Node makes a new context for each call of its
 * functions, which costs several times what a payload of some kilobytes does; here one for each direction is kept.
 * It is reached by members of Node's streams that are not documented, so only in the versions whose code was read, only
 * for small payloads, and where anything is not as expected Node's own functions do it.
 */
const VERSIONS = [24, 25, 26];
const SMALL = 64 * 1024;
/** More than any small payload becomes, so that a frame is whole where this is not filled. */
const ROOM = 2 * SMALL;

/** Of what is small: the quickest level makes it up to 2 % larger than the usual one, in three quarters of the time. */
const QUICK = { params: { [zlib.constants.ZSTD_c_compressionLevel]: 1 } };

/** What is not documented of Node's compressing streams. */
interface Inside {
  readonly _handle: {
    writeSync(flush: number, input: Uint8Array, inputAt: number, inputLength: number, output: Uint8Array, outputAt: number, outputLength: number): void;
  } | null;
  /** Bytes of room and of input that were left. */
  readonly _writeState: Uint32Array;
}
type Stream = Inside & { on(event: 'error', told: () => void): unknown };

/** Whether this Node has zstd at all: from 22.15 on. */
export const hasZstd: boolean = typeof zlib.zstdCompressSync === 'function';

const compressor = kept(() => new zlib.ZstdCompress(QUICK) as unknown as Stream);
const decompressor = kept(() => new zlib.ZstdDecompress() as unknown as Stream);
let room = Buffer.alloc(0);

/** One frame. */
export function compressed(plain: Uint8Array): Buffer {
  if (plain.length > SMALL) return zlib.zstdCompressSync(plain);
  const length = compressor(plain);
  return length === null ? zlib.zstdCompressSync(plain, QUICK) : Buffer.from(room.subarray(0, length));
}

/** What was compressed, of at most so many bytes. Throws what Node throws where there are more, or none can be made of it. */
export function decompressed(bytes: Uint8Array, most: number): Buffer {
  const length = isSmall(bytes) ? decompressor(bytes) : null;
  if (length === null || length > most) return zlib.zstdDecompressSync(bytes, { maxOutputLength: most });
  return Buffer.from(room.subarray(0, length));
}

/** Gives the bytes of what is in {@link room} then; `null` where the kept context cannot say, or there is none. */
function kept(make: () => Stream): (input: Uint8Array) => number | null {
  if (!hasZstd || !VERSIONS.includes(Number(process.versions.node.split('.')[0]))) return () => null;
  let stream: Stream | null = null;
  return (input) => {
    if (room.length === 0) room = Buffer.alloc(ROOM);
    stream ??= made(make);
    const { _handle: handle, _writeState: left } = stream;
    handle?.writeSync(zlib.constants.ZSTD_e_end, input, 0, input.length, room, 0, ROOM);
    const [roomLeft = 0, inputLeft = 1] = left;
    // After an error the stream has no handle any more; where room or input are left over wrongly, it stands within a frame.
    if (handle && stream._handle && inputLeft === 0 && roomLeft > 0) return ROOM - roomLeft;
    stream = null;
    return null;
  };
}

function made(make: () => Stream): Stream {
  const stream = make();
  stream.on('error', () => undefined); // told by Node's own function, which is asked next
  return stream;
}

const MAGIC = 0xfd2fb528;
/** RFC 8878 section 3.1.1.1: bytes of the size of the content, by its flag; of flag 0 one where there is a single segment. */
const SIZES = [0, 2, 4, 8];
const BASES = [0, 256, 0, 0];

/** Whether it is one whole frame that says itself of how many bytes it is, and of few: then the context stands between two frames before and after. */
function isSmall(bytes: Uint8Array): boolean {
  if (bytes.length < 9 || bytes.length > ROOM) return false;
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const descriptor = view.readUInt8(4);
  const [flag, isSingle, others] = [descriptor >> 6, (descriptor & 0x20) !== 0, descriptor & 0x1f];
  // Only what is written here: a single segment, neither dictionary nor checksum, a size of at most four bytes.
  if (view.readUInt32LE(0) !== MAGIC || !isSingle || others !== 0 || flag > 2) return false;
  const width = flag === 0 ? 1 : (SIZES[flag] as number);
  if (view.readUIntLE(5, width) + (BASES[flag] as number) > SMALL) return false;
  return endOf(view, 5 + width) === view.length;
}

/** Where the last block of a frame ends; -1 where it is cut short. */
function endOf(frame: Buffer, first: number): number {
  for (let place = first; place + 3 <= frame.length; ) {
    const header = frame.readUIntLE(place, 3);
    const [isLast, kind, size] = [(header & 1) !== 0, (header >> 1) & 3, header >> 3];
    place += 3 + (kind === 1 ? 1 : size); // kind 1: one byte, so often
    if (isLast) return place;
  }
  return -1;
}
