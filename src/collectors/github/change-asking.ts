import type { z } from 'zod';
import { nextLink } from '../../core/link.ts';
import { parse } from '../answers.ts';
import type { Artifact, FactAnswer, HttpSource } from '../source.ts';

/** One thing to be asked for: a single answer, one page of a list, or a GraphQL query. */
export type Ask =
  | { readonly name: string; readonly url: string }
  | { readonly name: string; readonly page: number; readonly url: string; readonly facts?: readonly FactAnswer[] }
  | { readonly name: string; readonly document: string; readonly variables: Readonly<Record<string, unknown>>; readonly forgiven?: readonly string[] };

/**
 * A course of questions in which each depends on the answers before. Run against the source it collects; run against
 * what was collected it reads the same answers again, question by question: so what is told follows from the artifacts alone.
 */
export type Course<Result> = Generator<Ask, Result, Artifact>;

/** Puts the questions of a course to the source. */
export async function* ask(source: HttpSource, course: Course<unknown>): AsyncIterable<Artifact> {
  const lists = new Map<string, AsyncIterator<Artifact>>();
  for (let step = course.next(); !step.done; ) {
    const question = step.value;
    const answer =
      'document' in question
        ? await source.query(question.name, '/graphql', question.document, question.variables, question.forgiven)
        : 'page' in question
          ? await nextPage(source, lists, question)
          : await source.get(question.name, question.url);
    yield answer;
    step = course.next(answer);
  }
}

async function nextPage(source: HttpSource, lists: Map<string, AsyncIterator<Artifact>>, { name, page, url, facts = [] }: Extract<Ask, { page: number }>) {
  const list = page === 1 ? source.pages(name, url, { facts })[Symbol.asyncIterator]() : lists.get(name);
  const step = await list?.next();
  if (!list || !step || step.done) throw new RangeError(`${name} has no page ${page}`);
  lists.set(name, list);
  if (nextLink(step.value.headers.link) === null) await list.next(); // asks nothing: the source has said that it ends here
  return step.value;
}

/** Walks the same course over answers that were given before. */
export function replay<Result>(artifacts: readonly Artifact[], course: Course<Result>): Result {
  const answers = new Map(artifacts.map((artifact) => [artifact.name, artifact]));
  let step = course.next();
  while (!step.done) {
    const { value } = step;
    const name = 'page' in value && value.page > 1 ? `${value.name}#${value.page}` : value.name;
    const answer = answers.get(name);
    if (!answer) throw new RangeError(`nothing was asked under the name ${name}`);
    step = course.next(answer);
  }
  return step.value;
}

export function* query<Answer>(
  name: string,
  document: string,
  variables: Readonly<Record<string, unknown>>,
  schema: z.ZodType<Answer>,
  forgiven: readonly string[] = [],
): Course<Answer> {
  return parse(yield { name, document, variables, forgiven }, schema);
}

export function* get<Answer>(name: string, url: string, schema: z.ZodType<Answer>): Course<Answer> {
  return parse(yield { name, url }, schema);
}

/** All pages of a list; `null` where the answer is a fact in its place. */
export function* list(name: string, url: string, facts: readonly FactAnswer[] = []): Course<readonly Artifact[] | null> {
  const pages: Artifact[] = [];
  for (let more = true; more; ) {
    const answer: Artifact = yield { name, page: pages.length + 1, url, facts };
    if (answer.status !== 200) return null;
    pages.push(answer);
    more = nextLink(answer.headers.link) !== null;
  }
  return pages;
}
