import type { RecordLine, RecordWindow } from '../../../app/views.ts';
import { given } from '../asked.ts';
import { type Asking, implementing } from '../asking.ts';
import { records as contract } from '../contract/records.ts';
import { cursorOf, placeOf } from '../cursor.ts';
import { bytesReply } from '../files.ts';
import { either } from '../pages.ts';
import { notFound, problem } from '../problem.ts';
import { spelled, spelledMoment } from '../spelled.ts';

const endpoints = implementing(contract);

/** What a browser can show at once; more is to be had as bytes. */
const READABLE = 2 * 1024 * 1024;

export const recordRoutes = endpoints.router({
  list: endpoints.list.handler(async ({ input: { limit, cursor, skip, size, ...asked }, context: { reads } }) => {
    either(cursor, skip);
    const [before = null] = placeOf(asked, cursor)?.after ?? [];
    const { outcome, text, period } = asked;
    if (text === undefined && cursor === undefined) {
      const window = await reads.recordWindow({ ...given({ outcome, period }), size: size ?? null, skip: skip ?? 0, limit });
      if (window) return windowOf(asked, window, skip ?? 0);
    }
    if (skip !== undefined)
      throw problem('invalid-request', 'How long this list is shows once all of it is read: take cursors.', [
        { name: 'skip', says: 'excludes text and bounds' },
      ]);
    const sought = text?.toLowerCase();
    const wanted = (line: RecordLine) =>
      (outcome === undefined || line.outcome === outcome) &&
      (sought === undefined || `${line.title} ${line.reason ?? ''}`.toLowerCase().includes(sought)) &&
      (period === undefined || (period.from <= line.sealedAt && line.sealedAt < period.to));
    const { lines, next } = await reads.recordPage(typeof before === 'number' ? before : null, limit, wanted);
    return { records: spelled(lines), count: null, size: null, next: next === null ? null : cursorOf(asked, { after: [next], asOf: null }) };
  }),

  read: endpoints.read.handler(async ({ input: { index }, context }) => {
    await present(context, index);
    const { record, proof, included, rows, unreadable } = await context.reads.record(index);
    const { digest, sealedAt, demo, seq, body, subjects, disposed, afterCheckpoint } = record;
    return {
      index,
      digest,
      sealedAt: spelledMoment(sealedAt),
      demo,
      seq,
      body: { ...body },
      artifacts: subjects,
      rows,
      unreadable,
      disposed: disposed && { by: disposed.by, at: spelledMoment(disposed.at) },
      afterCheckpoint,
      included,
      inclusion: proof,
    };
  }),

  envelope: endpoints.envelope.handler(async ({ input: { index }, context }) => {
    await present(context, index);
    const { envelope } = await context.services.workspace.entry(index);
    context.reply = bytesReply(`record-${index}.dsse.json`, Buffer.from(envelope), 'application/json');
  }),

  leaf: endpoints.leaf.handler(async ({ input: { index }, context }) => {
    await present(context, index);
    const { leaf } = await context.services.workspace.entry(index);
    return { index, leaf: Buffer.from(leaf).toString('base64') };
  }),

  proof: endpoints.proof.handler(async ({ input: { index }, context }) => {
    await present(context, index);
    context.reply = bytesReply(
      `record-${index}.tlog-proof`,
      Buffer.from(await context.services.workspace.standards.tlogProof(index)),
      'text/plain; charset=utf-8',
    );
  }),

  sigstore: endpoints.sigstore.handler(async ({ input: { index }, context }) => {
    await present(context, index);
    context.reply = bytesReply(
      `record-${index}.sigstore.json`,
      Buffer.from(await context.services.workspace.standards.sigstoreBundle(index)),
      'application/json',
    );
  }),

  artifact: endpoints.artifact.handler(async ({ input: { index, name }, context }) => {
    const { bytes } = await artifactOf(context, index, name);
    context.reply = bytesReply(`record-${index}-${name}`, bytes);
  }),

  artifactAsJson: endpoints.artifactAsJson.handler(async ({ input: { index, name }, context }) => {
    const { subject, bytes } = await artifactOf(context, index, name);
    if (bytes.byteLength > READABLE)
      throw problem('too-large', `${name} of record ${index} has ${bytes.byteLength} bytes, and at most ${READABLE} are read here. Take it as bytes.`);
    return { artifact: subject, ...readable(bytes) };
  }),
});

/** A part of a list whose length is known. Whoever goes on by cursors goes on behind its last record. */
function windowOf(asked: unknown, { lines, count, size }: RecordWindow, skip: number) {
  const last = lines.at(-1);
  const next = last && skip + lines.length < count ? cursorOf(asked, { after: [last.index], asOf: null }) : null;
  return { records: spelled(lines), count, size, next };
}

/** That it is there, and within what somebody may see. */
async function present({ reads, services }: Asking, index: number): Promise<void> {
  const { size } = await services.workspace.checkpoint();
  if (index >= size) throw notFound(`record ${index}`, `in the log: it holds ${size}, numbered from 0`);
  await reads.admit(index);
}

async function artifactOf(context: Asking, index: number, name: string) {
  await present(context, index);
  const { subjects, disposed } = await context.reads.sealed(index);
  if (!subjects.some((subject) => subject.name === name)) {
    const gone = disposed
      ? `: its evidence was disposed of in record ${disposed.by}`
      : `. It has: ${subjects.map((subject) => subject.name).join(', ') || 'none'}`;
    throw notFound(`artifact ${name}`, `of record ${index}${gone}`);
  }
  return context.reads.artifact(index, name);
}

function readable(bytes: Uint8Array): { readonly json: unknown; readonly text: string | null } {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    try {
      return { json: JSON.parse(text) as unknown, text: null };
    } catch {
      return { json: null, text };
    }
  } catch {
    return { json: null, text: null };
  }
}
