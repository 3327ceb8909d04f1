import type { PersonLine } from '../../../app/people.ts';
import { thenGiven } from '../asked.ts';
import { implementing } from '../asking.ts';
import { people as contract } from '../contract/people.ts';
import { windowed } from '../pages.ts';
import { notFound } from '../problem.ts';
import { spelled, spelledMoment } from '../spelled.ts';

const endpoints = implementing(contract);

export const peopleRoutes = endpoints.router({
  list: endpoints.list.handler(async ({ input: { limit, cursor, skip, ...asked }, context }) => {
    const { state, text, asKnownAt } = asked;
    const { entries, next, about, count } = await windowed({ question: asked, limit, cursor, skip }, async (at) => {
      const { asOf, list, ...gaps } = await context.reads.personList({ asOf: at, state, text, ...thenGiven(asKnownAt) });
      return { list, asOf, about: { asOf: spelledMoment(asOf), ...gaps } };
    });
    return { ...about, count, people: entries.map(person), next };
  }),

  read: endpoints.read.handler(async ({ input: { id, asOf: at, asKnownAt }, context: { reads } }) => {
    const { then } = thenGiven(asKnownAt);
    const told = await reads.person(id, at, then);
    if (!told) throw notFound(`person ${id}`, 'of whom HR had told by then');
    const { asOf, covered, gaps, engagements, lanes, items, events, policies, ...line } = told;
    const theirs = new Set(lanes.filter(({ there }) => there).map(({ source, partition, key }) => JSON.stringify([source, partition, key])));
    const about = ({ item }: { readonly item: { readonly source: string; readonly partition: string; readonly key: string; readonly dataset: string } }) =>
      theirs.has(JSON.stringify([item.source, item.partition, item.key])) || (/^(hr|people)\.workers$/.test(item.dataset) && item.key.startsWith(`${id}@`));
    const findings = Iterator.from(await reads.eachFinding({ asOf, items, ...thenGiven(asKnownAt) }))
      .filter(about)
      .toArray();
    return {
      asOf: spelledMoment(asOf),
      covered,
      gaps,
      person: {
        ...person(line),
        engagements: engagements.map((its) => ({
          ...spelled(its),
          startAt: spelledMoment(its.startAt),
          endAt: its.endAt === null ? null : spelledMoment(its.endAt),
        })),
        lanes: spelled(lanes),
        events: spelled(events),
      },
      policies: spelled(policies),
      findings: spelled(findings.map(({ check, control, verdict, item, because, from }) => ({ check, control, verdict, item, because, from }))),
    };
  }),

  accounts: endpoints.accounts.handler(async ({ input: { limit, cursor, skip, ...asked }, context }) => {
    const { of, system, status, asKnownAt } = asked;
    const { entries, next, about, count } = await windowed({ question: asked, limit, cursor, skip }, async (at) => {
      const { asOf, list, ...gaps } = await context.reads.accountList({ of, system, status, asOf: at, ...thenGiven(asKnownAt) });
      return { list, asOf, about: { asOf: spelledMoment(asOf), ...gaps } };
    });
    return { ...about, count, accounts: entries, next };
  }),
});

const person = ({ startAt, endAt, ...line }: PersonLine) => ({ ...line, startAt: spelledMoment(startAt), endAt: endAt === null ? null : spelledMoment(endAt) });
