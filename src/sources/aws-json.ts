import { createHash, createHmac } from 'node:crypto';
import type { Instant } from '../core/instant.ts';
import type { WireRequest } from './wire.ts';

/**
 * Services of AWS that take JSON over POST (protocols "AWS JSON 1.0" and "1.1"), by the prefix of their operations: for
 * these one signed request is all that an SDK would add. Targets, hosts and versions as AWS's own service descriptions
 * give them.
 */
export const JSON_SERVICES: Readonly<Record<string, { readonly target: string; readonly host: string; readonly version: '1.0' | '1.1' }>> = {
  cloudtrail: { target: 'com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101', host: 'cloudtrail', version: '1.1' },
  cloudwatch: { target: 'GraniteServiceVersion20100801', host: 'monitoring', version: '1.0' },
  ecs: { target: 'AmazonEC2ContainerServiceV20141113', host: 'ecs', version: '1.1' },
};

export interface Keys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** The hash that the signer asks for: a digest, or one under a key. */
class Sha256 {
  readonly #hash;
  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    const key = secret === undefined ? null : typeof secret === 'string' ? secret : bytesOf(secret);
    this.#hash = key === null ? createHash('sha256') : createHmac('sha256', key);
  }
  update(data: string | ArrayBuffer | ArrayBufferView): void {
    this.#hash.update(typeof data === 'string' ? data : bytesOf(data));
  }
  async digest(): Promise<Uint8Array> {
    return new Uint8Array(this.#hash.digest());
  }
  reset(): void {
    throw new TypeError('the signer begins anew each time');
  }
}

const bytesOf = (data: ArrayBuffer | ArrayBufferView): Uint8Array =>
  ArrayBuffer.isView(data) ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength) : new Uint8Array(data);

interface JsonQuestion {
  /** `cloudtrail:LookupEvents` */
  readonly operation: string;
  readonly input: Readonly<Record<string, unknown>>;
  readonly region: string;
  /** Replaces AWS's own address. */
  readonly endpoint: string | null;
  readonly keys: Keys;
  readonly at: Instant;
}

/** The request of one such operation, signed (Signature Version 4). */
export async function jsonRequest({ operation, input, region, endpoint, keys, at }: JsonQuestion): Promise<WireRequest & { readonly text: string }> {
  const [name = '', action = ''] = operation.split(':');
  const { target, host: service, version } = JSON_SERVICES[name] ?? { target: name, host: name, version: '1.1' };
  const url = new URL(endpoint ?? `https://${service}.${region}.amazonaws.com/`);
  const text = JSON.stringify(input);
  const { SignatureV4 } = await import('@smithy/signature-v4'); // loaded only where AWS is asked so
  const signer = new SignatureV4({ service, region, credentials: keys, sha256: Sha256, applyChecksum: false });
  const { headers } = await signer.sign(
    {
      method: 'POST',
      protocol: url.protocol,
      hostname: url.hostname,
      ...(url.port === '' ? {} : { port: Number(url.port) }),
      path: url.pathname,
      headers: { host: url.host, 'content-type': `application/x-amz-json-${version}`, 'x-amz-target': `${target}.${action}` },
      body: text,
    },
    { signingDate: new Date(at) },
  );
  return { method: 'POST', url: url.href, headers, body: Buffer.from(text), text };
}
