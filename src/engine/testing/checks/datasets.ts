import { hours, type Instant } from '../../../core/instant.ts';
import { z } from 'zod';
import { defineDataset, deriveDataset, type Join, type Row } from '../../../datasets/dataset.ts';

export type Account = {
  id: string;
  system: string;
  login: string;
  person: string | null;
  role: 'admin' | 'user';
  state: 'active' | 'suspended';
  names: readonly string[];
};
export type Worker = { person: string; startedAt: Instant; leftAt: Instant | null };
export type AccessKey = { id: string; state: 'active' | 'disabled'; createdAt: Instant };
export type System = { id: string; inScope: boolean };
export type PullRequest = { id: string; author: string; mergedAt: Instant };
export type Review = { id: string; pull: string; reviewer: string; approved: boolean; at: Instant };
export type Training = { id: string; person: string; completedAt: Instant };

const freshness = hours(36);
const id = ({ id }: { readonly id: string }): string => id;
const shape = <R extends Row>() => ({ title: 'A dataset of the tests', row: z.custom<R>(), label: (row: R) => JSON.stringify(row) });

export const accounts = defineDataset<Account>({ ...shape<Account>(), id: 'accounts', key: id, freshness });
export const workers = defineDataset<Worker>({ ...shape<Worker>(), id: 'workers', key: ({ person }) => person, freshness });
export const accessKeys = defineDataset<AccessKey>({ ...shape<AccessKey>(), id: 'access-keys', key: id, freshness });
export const systems = defineDataset<System>({ ...shape<System>(), id: 'systems', key: id, freshness });
export const pullRequests = defineDataset<PullRequest>({
  ...shape<PullRequest>(),
  id: 'pull-requests',
  key: id,
  freshness,
  happened: ({ mergedAt }) => mergedAt,
});
export const reviews = defineDataset<Review>({ ...shape<Review>(), id: 'reviews', key: id, freshness, happened: ({ at }) => at });
export const trainings = defineDataset<Training>({ ...shape<Training>(), id: 'trainings', key: id, freshness, happened: ({ completedAt }) => completedAt });

export type Nickname = { id: string; also: readonly string[]; person: string };
export const nicknames = defineDataset<Nickname>({ ...shape<Nickname>(), id: 'nicknames', key: id, freshness });

/** Whose an account is: by HR's own word, else by a nickname. */
export type Owned = { id: string; system: string; state: 'active' | 'suspended'; owner: string | null; rule: 'person' | 'nickname' | 'none' };
export const owned = deriveDataset<Owned, Account, { readonly workers: Join<Worker, 'person'>; readonly nicknames: Join<Nickname, 'names'> }>(
  { ...shape<Owned>(), id: 'owned' },
  {
    population: accounts,
    with: { workers: workers.on('person'), nicknames: nicknames.on('also', 'names') },
    derive({ id, system, state }, { workers: known, nicknames: called }) {
      const [worker] = known;
      if (worker) return { row: { id, system, state, owner: worker.person, rule: 'person' }, cites: [worker] };
      const [nickname] = called;
      if (nickname) return { row: { id, system, state, owner: nickname.person, rule: 'nickname' }, cites: [nickname] };
      return { row: { id, system, state, owner: null, rule: 'none' }, cites: [] };
    },
  },
);
