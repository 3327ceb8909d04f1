import { ASN1Obj } from '@sigstore/core';
import { IntegrityError } from '../core/error.ts';

/** ITU-T X.690. A library reads it; what little we write of it is here. */
export type Der = ASN1Obj;

/** Throws `IntegrityError` where the bytes are not strict DER, or hold more than one value. */
export function readDer(bytes: Uint8Array, what: string): Der {
  try {
    return ASN1Obj.parseBuffer(Buffer.from(bytes));
  } catch (cause) {
    throw new IntegrityError('DER', `${what} cannot be read`, cause);
  }
}

/** The member at a place. Throws `RangeError`, like all of these: whoever reads a whole document says what it was. */
export function part(of: Der, ...places: readonly number[]): Der {
  return places.reduce((at, place) => {
    const its = at.subs[place];
    if (!its) throw new RangeError(`no member ${place}`);
    return its;
  }, of);
}

export function octets(of: Der): Buffer {
  if (!of.tag.isOctetString()) throw new RangeError('not an octet string');
  return of.value;
}

const encode = (tag: number, ...content: readonly Uint8Array[]): Buffer => {
  const value = Buffer.concat(content);
  if (value.length > 255) throw new RangeError('longer than what is written here ever is');
  return Buffer.concat([Buffer.from(value.length < 128 ? [tag, value.length] : [tag, 0x81, value.length]), value]);
};
export const sequence = (...members: readonly Uint8Array[]): Buffer => encode(0x30, ...members);
export const octetString = (bytes: Uint8Array): Buffer => encode(0x04, bytes);
export const boolean = (value: boolean): Buffer => encode(0x01, Buffer.from([value ? 0xff : 0]));
export const nothing = (): Buffer => encode(0x05);

/** Not negative. */
export function integer(value: bigint): Buffer {
  const hex = value.toString(16);
  const bytes = Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex');
  return encode(0x02, (bytes[0] ?? 0) > 0x7f ? Buffer.from([0]) : Buffer.alloc(0), bytes);
}

export function objectIdentifier(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  return encode(0x06, Buffer.from([first * 40 + second, ...rest.flatMap(base128)]));
}

function base128(arc: number): readonly number[] {
  const digits = [arc % 128];
  for (let left = Math.floor(arc / 128); left > 0; left = Math.floor(left / 128)) digits.unshift(128 + (left % 128));
  return digits;
}
