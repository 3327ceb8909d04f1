import { XMLParser } from 'fast-xml-parser';
import { z } from 'zod';
import { fitting, pagesOf, textOf } from '../answers.ts';
import type { Artifact } from '../source.ts';

/** Every list of the IAM API is a sequence of `member`. Values stay text: an account id may begin with a zero. */
const parser = new XMLParser({
  ignoreAttributes: true,
  parseTagValue: false,
  trimValues: true,
  isArray: (tag) => tag === 'member' || tag === 'entry',
  ignoreDeclaration: true,
});

/** A list: absent, empty, or `member`s. */
export const members = <Entry>(entry: z.ZodType<Entry>) =>
  z
    .union([z.literal(''), z.object({ member: z.array(entry).default([]) })])
    .optional()
    .transform((list) => (list === undefined || list === '' ? [] : list.member));

export const instantText = z.string().transform((text, context) => {
  const at = Date.parse(text);
  if (Number.isNaN(at)) context.addIssue({ code: 'custom', message: `not an instant: ${text}` });
  return at;
});

/** The results of an operation, a page each: what stands in `<Operation>Result`. */
export function results<Result>(artifacts: readonly Artifact[], question: string, operation: string, schema: z.ZodType<Result>): readonly Result[] {
  return pagesOf(artifacts, question).map((artifact) => fitting(artifact, schema, () => parsed(artifact)[`${operation}Response`]?.[`${operation}Result`]));
}

type Answer = Readonly<Record<string, Readonly<Record<string, unknown>>>>;
/** An answer is read by several questions. */
const PARSED = new WeakMap<Artifact, Answer>();

function parsed(artifact: Artifact): Answer {
  const document = PARSED.get(artifact) ?? (parser.parse(textOf(artifact)) as Answer);
  PARSED.set(artifact, document);
  return document;
}

export function result<Result>(artifacts: readonly Artifact[], question: string, operation: string, schema: z.ZodType<Result>): Result {
  const [first] = results(artifacts, question, operation, schema);
  if (first === undefined) throw new RangeError(`nothing was asked under the name ${question}`);
  return first;
}

const Caller = z.object({ Account: z.string(), Arn: z.string() });

/** Who asks, by AWS's own word (STS GetCallerIdentity). */
export const callerIn = (artifacts: readonly Artifact[]): z.infer<typeof Caller> => result(artifacts, 'caller', 'GetCallerIdentity', Caller);
