import type { z } from 'zod';
import { deriveDataset, type Join } from '../dataset.ts';
import { list } from '../fields.ts';
import { type Worker as Engaged, Worker as Engagement, workers as engaged } from '../hr/workers.ts';
import { type Alias, aliases } from './aliases.ts';

const Worker = Engagement.extend({ emails: list('Every address that is theirs, by HR and by declared aliases, lower case') });
export type Worker = z.infer<typeof Worker>;

/** What a device, a course or a ticket names by address is compared with: people go by more addresses than HR knows. */
export const workers = deriveDataset<Worker, Engaged, { readonly others: Join<Alias, 'workerId'> }>(
  {
    id: 'people.workers',
    title: 'One engagement of one person, with every address that is theirs',
    row: Worker,
    label: ({ fullName, workerId }) => `${fullName} (${workerId})`,
  },
  {
    population: engaged,
    with: { others: aliases.on('workerId') },

    derive(worker, { others }) {
      const emails = [...new Set([...worker.emails, ...others.flatMap((alias) => alias.emails)])];
      return { row: { ...worker, emails }, cites: others };
    },
  },
);
