import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { standardsOf } from '../../src/app/standards.ts';
import type { Archive } from '../../src/evidence/archive.ts';
import { Files } from '../../src/evidence/files.ts';
import { FileKeystore } from '../../src/evidence/keystore.ts';
import { Payloads } from '../../src/evidence/payloads.ts';
import { keyLine } from '../../src/log/cipher.ts';

/** Lays records of an archive out as an auditor gets them. `state` is the folder that the archive is in. */
export async function layOut(archive: Archive, state: string, folder: string, indexes: readonly number[]): Promise<void> {
  const standards = standardsOf(archive);
  const payloads = new Payloads(new Files(state), new FileKeystore(new Files(state)));
  mkdirSync(folder, { recursive: true });
  cpSync(join(state, 'log/tile'), join(folder, 'log/tile'), { recursive: true });
  cpSync(join(state, 'log/checkpoint'), join(folder, 'checkpoint'));
  writeFileSync(join(folder, 'policy'), standards.tlogPolicy());
  writeFileSync(join(folder, 'trusted_root.json'), await standards.trustedRoot());
  for (const index of indexes) {
    const dir = join(folder, 'evidence', String(index));
    mkdirSync(dir, { recursive: true });
    writeFileSync(join(dir, 'statement.dsse.json'), await archive.envelope(index));
    writeFileSync(join(dir, 'bundle.sigstore.json'), await standards.sigstoreBundle(index));
    writeFileSync(join(dir, 'proof.tlog-proof'), await standards.tlogProof(index));
    const { detail, subjects } = await archive.record(index);
    const distinct = new Map([detail, ...subjects].map((payload) => [payload.digest, payload]));
    for (const [place, payload] of [...distinct.values()].entries()) {
      writeFileSync(join(dir, `payload.${place}`), await payloads.ciphertext(payload));
      writeFileSync(join(dir, `payload.${place}.key`), keyLine((await payloads.secret(payload)) ?? Buffer.alloc(0)));
    }
  }
}
