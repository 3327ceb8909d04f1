import { iso } from '../core/instant.ts';
import { externalShares } from '../datasets/dlp/external-shares.ts';
import { type Worker, workers } from '../datasets/people/workers.ts';
import { conforms, defineCheck, deviates, span, unknown } from './check.ts';
import { firstOf } from './until.ts';

export const externalSharesApproved = defineCheck({
  id: 'external-shares-approved',
  title: 'What is shared outside is approved and looked over',
  version: 1,
  asserts:
    'Everything shared with people outside is public by its class, or is neither restricted nor open to whoever has the link, was approved by another person than who stated it, and was looked over within {interval}.',
  population: externalShares,
  with: { authors: workers.on('emails', 'authorEmail'), approvers: workers.on('emails', 'approverEmails') },
  parameters: { interval: span('180 days') },

  examine({ classification, publicLink, approved, approverEmails, reviewedAt }, { at, authors, approvers }, { interval }) {
    if (classification === 'public') return conforms();
    if (classification === 'restricted') return deviates('is restricted, and shared outside');
    if (publicLink === 'yes')
      return deviates(`is ${classification === 'unknown' ? 'of no stated class' : classification}, and whoever has the link can read it`);
    if (reviewedAt === null) return deviates('was never looked over');
    const due = reviewedAt + interval;
    const until = firstOf(at, reviewedAt, due);
    if (at < reviewedAt) return deviates(`says that it was looked over on ${iso(reviewedAt)}, which has not come`, until);
    if (at >= due) return deviates(`was last looked over on ${iso(reviewedAt)}`);
    if (approverEmails.length === 0 && approved === 'unknown') return unknown('whether somebody else approved it is not told', until);
    if (approverEmails.length === 0) return deviates('nobody but who stated it approved it', until);
    if (classification === 'unknown') return unknown('its class is not stated', until);
    if (publicLink === 'unknown') return unknown('whether whoever has the link can read it is not stated', until);
    if (authors.length === 0 || approvers.length === 0) return unknown('no worker has the address under which it was stated, or approved', until);
    if (approvers.some(({ workerId }) => !idsOf(authors).includes(workerId))) return conforms(until);
    return deviates('was approved by who stated it, under another address', { cites: [...authors, ...approvers], ...until });
  },
});

const idsOf = (people: readonly Worker[]): readonly string[] => people.map(({ workerId }) => workerId);
