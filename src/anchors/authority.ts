import { randomBytes } from 'node:crypto';
import { IncompleteError } from '../core/error.ts';
import type { Trust } from './certificates.ts';
import type { Post } from './post.ts';
import { readTimestamp, type Timestamp, timestampQuery } from './timestamp.ts';

/** A time-stamping authority that the configuration names. */
export interface Authority {
  /** Part of the names of its files. */
  readonly name: string;
  readonly url: string;
  readonly trust: Trust;
  /** OID that it must work by; `null` for its own choice. */
  readonly policy: string | null;
  /** Whether it is shown the signature of every run, too. */
  readonly runs?: boolean;
}

/**
 * RFC 3161 section 3.4: shows the authority something, and answers with the verified token. Throws `IncompleteError` where it
 * did not answer, `IntegrityError` where the answer is not good: then there is nothing to keep.
 */
export async function requestTimestamp(
  text: string | Uint8Array,
  { url, trust, policy }: Authority,
  post: Post,
): Promise<{ readonly token: Buffer; readonly timestamp: Timestamp }> {
  const nonce = randomBytes(16).readBigUInt64BE(0);
  const { status, contentType, body } = await post(url, 'application/timestamp-query', timestampQuery(text, { nonce, policy }));
  if (status !== 200 || contentType !== 'application/timestamp-reply')
    throw new IncompleteError(`${url}: answered ${status} with ${contentType || 'no type'}, not with a timestamp`);
  return { token: body, timestamp: readTimestamp(body, { text, trust, policy, nonce }) };
}
