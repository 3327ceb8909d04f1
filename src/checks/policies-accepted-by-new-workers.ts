import { iso } from '../core/instant.ts';
import { workers } from '../datasets/people/workers.ts';
import { acceptances } from '../datasets/policy/acceptances.ts';
import type { Document } from '../datasets/policy/documents.ts';
import { acceptancesOf, acceptedBy, EARLY_WORDS, inForceAt, isOf, JOINING, named, versions } from './accepting.ts';
import { conforms, defineCheck, deviates, notYet, unknown } from './check.ts';
import { engaged } from './training.ts';
import { firstOf } from './until.ts';

export const policiesAcceptedByNewWorkers = defineCheck({
  id: 'policies-accepted-by-new-workers',
  title: 'New workers accept the policies within {deadline}',
  version: 1,
  asserts: 'Everybody who began to work here had accepted, within {deadline} of their first, each policy then in force that has to be accepted.',
  population: workers,
  mustExist: true,
  with: { known: versions.all(), byId: acceptances.on('workerId'), byEmail: acceptances.on('emails') },
  parameters: { deadline: JOINING, early: EARLY_WORDS },

  examine(worker, { at, known, byId, byEmail }, { deadline }) {
    const { startAt, terminationAt } = worker;
    const state = engaged(worker, at, deadline);
    if (state === 'left') return notYet({ rests: [] });
    const asked = inForceAt(known, startAt).filter(({ mustBeAccepted }) => mustBeAccepted);
    if (asked.length === 0) return notYet({ rests: ['known'] });
    const theirs = [...byId, ...byEmail].filter((acceptance) => isOf(acceptance, worker));
    const duties = asked.map((document) => ({ document, given: acceptancesOf(document, known, theirs) }));
    const open = duties.filter(({ given }) => acceptedBy(given, at) !== 'yes');
    if (open.length === 0) return conforms(firstOf(at, terminationAt));
    const until = firstOf(at, startAt + deadline, ...open.flatMap(({ given }) => given.map(({ acceptedAt }) => acceptedAt)), terminationAt);
    if (state === 'early') return notYet(until);
    const missing = open.filter(({ document, given }) => document.approved === 'yes' && acceptedBy(given, at) === 'no');
    if (missing.length > 0)
      return deviates(
        `began on ${iso(startAt)} and had not accepted ${missing.map(({ document }) => named(document)).join(' and ')} by ${iso(startAt + deadline)}`,
        until,
      );
    return unknown(open.map(({ document }) => doubtOf(document)).join('; '), until);
  },
});

const doubtOf = (document: Document): string =>
  document.approved === 'yes' ? `nothing shows that it was they who accepted ${named(document)}` : `whether anybody approved ${named(document)} is not told`;
