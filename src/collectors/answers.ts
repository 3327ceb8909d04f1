import { z } from 'zod';
import type { Artifact } from './source.ts';

const decoder = new TextDecoder('utf-8', { fatal: true });

export const textOf = ({ body }: Artifact): string => decoder.decode(body);

/** Whether this was asked in the run: a collector may leave out what other answers settle. */
export const wasAsked = (artifacts: readonly Artifact[], question: string): boolean => artifacts.some(({ name }) => name === question);

/** The pages of one question, in the order they were read. Throws where there is none: then the collector forgot to ask. */
export function pagesOf(artifacts: readonly Artifact[], question: string): readonly Artifact[] {
  const place = ({ name }: Artifact) => Number(name.slice(question.length + 1) || 1);
  const pages = artifacts.filter(({ name }) => name === question || name.startsWith(`${question}#`)).toSorted((a, b) => place(a) - place(b));
  if (pages.length === 0) throw new RangeError(`nothing was asked under the name ${question}`);
  return pages;
}

/** One JSON answer, read by a schema. Throws with the question and the field where it does not fit. */
export function read<Answer>(artifacts: readonly Artifact[], question: string, schema: z.ZodType<Answer>): Answer {
  const [page] = pagesOf(artifacts, question);
  if (!page) throw new RangeError(`nothing was asked under the name ${question}`);
  return parse(page, schema);
}

/** All entries of a paged JSON list, each read by a schema. None may be left out. */
export function readAll<Entry>(artifacts: readonly Artifact[], question: string, schema: z.ZodType<Entry>): readonly Entry[] {
  return pagesOf(artifacts, question).flatMap((page) => parse(page, arrayOf(schema)));
}

/** A list of what a schema describes; made once for each schema, for to make one takes longer than to read a short answer by it. */
export function arrayOf<Entry>(schema: z.ZodType<Entry>): z.ZodType<readonly Entry[]> {
  const list = (LISTS.get(schema) ?? z.array(schema)) as z.ZodType<readonly Entry[]>;
  LISTS.set(schema, list);
  return list;
}

const LISTS = new WeakMap<z.ZodType, z.ZodType>();

/**
 * Throws `RangeError` with the question and the field where it does not fit. Nobody may alter what it gives: most of what a source says
 * tonight it said last night, and whoever hands out the same bytes again is given what was read of them before.
 */
export const parse = <Answer>(artifact: Artifact, schema: z.ZodType<Answer>): Answer => fitting(artifact, schema, () => JSON.parse(textOf(artifact)));

/** What an answer holds, however it is written, read by a schema: see {@link parse}. The same schema is asked of the same part of it alone. */
export function fitting<Answer>(artifact: Artifact, schema: z.ZodType<Answer>, held: () => unknown): Answer {
  const known = readOf(artifact.body);
  if (known.has(schema)) return known.get(schema) as Answer;
  const result = schema.safeParse(held());
  if (result.success) {
    known.set(schema, result.data);
    return result.data;
  }
  const [issue] = result.error.issues;
  throw new RangeError(`"${artifact.name}" cannot be read: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`);
}

/** Bytes of answers whose reading is kept at most. */
const ROOM = 8 * 2 ** 20;
let taken = 0;
let readings = new WeakMap<Uint8Array, WeakMap<z.ZodType, unknown>>();

/** What was read of these very bytes, by the schema it was read by. */
function readOf(body: Uint8Array): WeakMap<z.ZodType, unknown> {
  const known = readings.get(body);
  if (known) return known;
  if (taken + body.length > ROOM) {
    readings = new WeakMap();
    taken = 0;
  }
  const fresh = new WeakMap<z.ZodType, unknown>();
  if (body.length > ROOM / 16) return fresh;
  readings.set(body, fresh);
  taken += body.length;
  return fresh;
}

/** An instant as vendors write it, or `null`. */
export const when = z
  .string()
  .nullish()
  .transform((text, context) => {
    if (text === null || text === undefined || text === '') return null;
    const at = Date.parse(text);
    if (Number.isNaN(at)) context.addIssue({ code: 'custom', message: `not an instant: ${text}` });
    return at;
  });
