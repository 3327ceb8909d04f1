import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { attend, type Anchors } from '../anchors/attend.ts';
import { attended } from '../anchors/attended.ts';
import { readTrust } from '../anchors/certificates.ts';
import { type FlooredClock, flooredClock } from '../anchors/clock.ts';
import type { Post } from '../anchors/post.ts';
import { stampRecord, tokensOf, trustedAuthorities } from '../anchors/signatures.ts';
import { verifyAnchors } from '../anchors/verify.ts';
import type { Configuration } from '../configuration/read.ts';
import { ConfigurationError, IntegrityError } from '../core/error.ts';
import type { Instant } from '../core/instant.ts';
import type { Archive } from '../evidence/archive.ts';
import type { Dated } from '../verify/dated.ts';
import type { Problem } from '../verify/problems.ts';
import type { SaidFiles } from '../evidence/shared-state.ts';
import { LogReader } from '../log/reader.ts';
import { parseWitnessKey } from '../log/cosignature.ts';

import type { Timestamps } from './standards.ts';
import type { LogStatus } from './views.ts';

/** Those outside who confirm the log of a workspace, and the clock that their word holds in check. */
export interface Outside {
  /** Where it lies what they said. Nothing is sealed before. */
  begin(said: SaidFiles): Promise<void>;
  /** The time that may be sealed. Throws `IntegrityError` where the machine's clock was put back. */
  sealing(): Instant;
  /** Throws `ConfigurationError` where what the file names is not there. */
  check(): void;
  attend(archive: Archive, patient: boolean): Promise<void>;
  status(archive: Archive): Promise<LogStatus>;
  verify(archive: Archive): Promise<readonly Problem[]>;
  /** Has every authority confirm the signature of a record that has not yet. Throws `ConfigurationError` where there is none to ask. */
  stamp(archive: Archive, record: number): Promise<void>;
  readonly timestamps: Timestamps;
}

export function openOutside({
  dir,
  configuration: { file },
  clock,
  post,
}: {
  readonly dir: string;
  readonly configuration: Configuration;
  readonly clock: () => Instant;
  readonly post: Post;
}): Outside {
  let begun: { readonly store: SaidFiles; readonly floored: FlooredClock } | null = null;
  const its = () => {
    if (!begun) throw new Error('nobody has said yet where it lies what others said of the log');
    return begun;
  };
  const anchors = (): Anchors => ({
    witnesses: file.witnesses.map(({ url, key }) => ({ url, key: parseWitnessKey(key) })),
    quorum: file.quorum ?? Math.min(1, file.witnesses.length),
    authorities: file.timestamps.map(({ name, url, certificates, policy, runs }) => ({
      name,
      url,
      runs,
      trust: readTrust(textOf(join(dir, certificates), certificates, name), certificates),
      policy: policy ?? null,
    })),
  });
  const place = ({ files, verifier, verifierKey }: Archive) => ({ verifierKey, store: its().store, reader: new LogReader(files, verifier) });

  return {
    async begin(store) {
      begun = { store, floored: await flooredClock(store, clock) };
    },
    sealing: () => its().floored.now(),
    check: () => void anchors(),

    async attend(archive, patient) {
      await attend(place(archive), anchors(), { post, clock, patient });
      await its().floored.refresh();
    },

    async status(archive) {
      const { verifierKey, ...at } = place(archive);
      const checkpoint = await archive.checkpoint();
      const sealedAt = checkpoint.size === 0 ? null : (await archive.record(checkpoint.size - 1)).sealedAt;
      return { verifierKey, checkpoint, sealedAt, attended: await attended(at, anchors(), { now: clock(), since: sealedAt ?? clock() }) };
    },

    async verify(archive) {
      const ended: Problem[] = [];
      const problems = await verifyAnchors(
        place(archive),
        anchors(),
        () => readable(archive, (problem) => ended.push(problem)),
        (record) => archive.envelope(record),
      );
      return [...problems, ...ended];
    },

    async stamp(archive, record) {
      const { authorities } = anchors();
      if (authorities.length === 0) throw new ConfigurationError('tickmark.yaml names no time-stamping authority to ask: add one under "timestamps".');
      for (const authority of authorities) await stampRecord(place(archive), record, authority, post);
    },

    timestamps: {
      of: (record) => tokensOf(its().store, record, anchors().authorities),
      authorities: () => trustedAuthorities(its().store, anchors().authorities),
    },
  };
}

/**
 * What statements say in the open, for which no payload and no key has to be there, up to the first that cannot be read.
 * What is wrong with that one is reported by the archive itself; that no date behind it was compared is reported here.
 */
async function* readable(archive: Pick<Archive, 'statements'>, ends: (problem: Problem) => void): AsyncGenerator<Dated> {
  let next = 0;
  try {
    for await (const { index, sealedAt } of archive.statements(0)) {
      yield { index, sealedAt };
      next = index + 1;
    }
  } catch (error) {
    if (!(error instanceof IntegrityError)) throw error;
    const says = `from this record on no date was compared with the timestamps, for its statement cannot be read: ${error.message}`;
    ends({ code: 'UNDATED', file: null, index: next, says });
  }
}

function textOf(path: string, certificates: string, authority: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new ConfigurationError(
      `the file ${certificates} cannot be read: it should hold the root certificate of the time-stamping authority ${authority}.`,
      cause,
    );
  }
}
