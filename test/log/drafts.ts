import type { Archive } from '../../src/evidence/archive.ts';
import type { Draft } from '../../src/evidence/record.ts';
import { madeRun } from '../run-draft.ts';

export { NOW } from '../run-draft.ts';

export const ORIGIN = 'acme.example/faults';

/** A run that brought one artifact: the text. Runs of the same name are one line, numbered together. */
export const draft = (text: string, name = 'main', collector = 'github/organization'): Draft =>
  madeRun({ body: { name, collector: { id: collector, version: 1, sourceDigest: '00' } }, artifacts: { members: text } });

/** The texts of an archive, in its order; each payload is checked as it is read. */
export async function textsOf(archive: Archive): Promise<readonly string[]> {
  const texts: string[] = [];
  for await (const { subjects } of archive.records(0)) {
    for (const subject of subjects) texts.push(Buffer.from(await archive.payload(subject)).toString());
  }
  return texts;
}
