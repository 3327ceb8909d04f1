import { isDisposal } from '../log/disposal.ts';
import { sha256hex } from '../log/merkle.ts';
import { payloadPath } from '../log/paths.ts';
import type { Reading } from '../log/reader.ts';
import type { Payload, Unsealed } from '../log/statement.ts';
import type { Report } from './problems.ts';

export interface ReadPayload {
  readonly bytes: Buffer;
  /** Whether a pack is as it was written, to the last byte. */
  readonly whole: boolean;
}

export type ReadPayloads = (path: string, pack: string | null) => Promise<ReadPayload | null>;

/** The payloads of a record, and of those after it, lie side by side: the pack read last is at hand. */
export function onePack(files: Reading): { readonly read: ReadPayloads; atHand(pack: string | null): ReadPayload | null } {
  let last: (ReadPayload & { readonly pack: string }) | null = null;
  return {
    atHand: (pack) => (last?.pack === pack ? last : null),
    async read(path, pack) {
      if (last?.pack === pack) return last;
      const bytes = await files.read(path);
      if (pack === null) return bytes && { bytes, whole: true };
      last = bytes && { pack, bytes, whole: sha256hex(bytes) === pack };
      return last;
    },
  };
}

export interface PayloadFault {
  readonly code: 'PAYLOAD_MISSING' | 'PAYLOAD_ALTERED' | 'PACK';
  readonly says: string;
  readonly file: string;
}

/** Why the bytes of a payload are not those that were sealed; `null` where they are. */
export async function payloadFault(read: ReadPayloads, payload: Payload): Promise<PayloadFault | null> {
  const file = payloadPath(payload);
  const there = await read(file, payload.place.pack);
  if (!there) return { code: 'PAYLOAD_MISSING', says: 'the payload is missing, and no record says that it was disposed of', file };
  return faultOf(there, payload);
}

export function faultOf(there: ReadPayload, payload: Payload): PayloadFault | null {
  const { digest, place } = payload;
  const bytes = place.pack === null ? there.bytes : there.bytes.subarray(place.offset, place.offset + place.length);
  if (sha256hex(bytes) !== digest) return { code: 'PAYLOAD_ALTERED', says: 'the payload is not what was sealed', file: payloadPath(payload) };
  if (there.whole) return null;
  return { code: 'PACK', says: 'the pack of the payload holds more, or less, or other bytes than were written', file: payloadPath(payload) };
}

type Found = PayloadFault & { readonly index: number };

/** A pack that is not as it was written is told once, and only where none of its payloads tells why; where something of its era was disposed of, it need not be. */
export function packFaults(): {
  add(fault: Found, era: string, about: readonly Pick<Unsealed, 'head'>[], report: Report): void;
  tell(report: Report): void;
} {
  const [packs, told] = [new Map<string, Found>(), new Set<string>()];
  return {
    add(fault, era, about, report) {
      if (fault.code === 'PACK') {
        if (!packs.has(fault.file) && !about.some(({ head }) => isDisposal(head) && head.era === era)) packs.set(fault.file, fault);
        return;
      }
      told.add(fault.file);
      report(fault.code, fault.says, fault.file, fault.index);
    },
    tell(report) {
      for (const { code, says, file, index } of packs.values()) if (!told.has(file)) report(code, says, file, index);
    },
  };
}

/** Why the key of a payload is not where it must be. */
export function keyFault(
  digest: string,
  readable: boolean | null,
  disposed: { readonly by: number; readonly finished: boolean } | null,
): { readonly code: string; readonly says: string } | null {
  if (readable === false && !disposed)
    return { code: 'PAYLOAD_UNREADABLE', says: `payload ${digest} has not been altered, but the keystore has no key for it: nobody can read it` };
  if (readable === true && disposed?.finished === true)
    return {
      code: 'NOT_DESTROYED',
      says: `record ${disposed.by} says that payload ${digest} was disposed of, and its key is in the keystore: a backup was put back. Run "tickmark dispose --resume"`,
    };
  return null;
}
