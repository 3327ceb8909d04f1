import { z } from 'zod';
import { deriveDataset, type Join } from '../dataset.ts';
import { list, maybeAt, maybeText, systemId, text } from '../fields.ts';
import { type Worker, workers } from '../hr/workers.ts';
import { Account, accounts } from './accounts.ts';

export const Engagement = z.object({
  systemId,
  userId: text('Id of the account in its system'),
  login: text('Login name'),
  kind: Account.shape.kind,
  personId: maybeText('Worker id of the person whose own it is'),
  ownerId: maybeText('Worker id of who answers for it, where it is not a person’s own'),
  emails: list('Addresses of the person by HR, lower case; empty where HR knows none'),
  department: maybeText('Department of the person in the newest engagement; null where HR knows none'),
  startAt: maybeAt('First working moment of the newest engagement of the person; null also where HR knows none'),
  endAt: maybeAt('When the last engagement of the person ends; null also while one has no end, and where HR knows none'),
});
export type Engagement = z.infer<typeof Engagement>;

/** What events about an account are compared with: an event names an account, HR names a person. */
export const engagements = deriveDataset<Engagement, Account, { readonly known: Join<Worker, 'personId'> }>(
  {
    id: 'people.engagements',
    title: 'One account, with the engagement of the person whose it is',
    row: Engagement,
    label: ({ login, systemId: system }) => `${login} in ${system}`,
  },
  {
    population: accounts,
    with: { known: workers.on('workerId', 'personId') },

    derive({ systemId: system, userId, login, kind, personId, ownerId }, { known }) {
      const ends = known.map(({ terminationAt }) => terminationAt ?? Infinity);
      const last = Math.max(...ends);
      const [newest] = known.toSorted((a, b) => b.startAt - a.startAt);
      const person = {
        emails: [...new Set(known.flatMap((worker) => worker.emails))],
        department: newest?.department ?? null,
        startAt: newest?.startAt ?? null,
      };
      return {
        row: { systemId: system, userId, login, kind, personId, ownerId, ...person, endAt: Number.isFinite(last) ? last : null },
        cites: known,
      };
    },
  },
);
