import { z } from 'zod';
import { deriveDataset, type Join } from '../dataset.ts';
import { at, maybeAt, maybeText, text } from '../fields.ts';
import { type Termination, terminations } from '../hr/terminations.ts';
import { type Worker, workers } from '../hr/workers.ts';

export const Leaver = z.object({
  workerId: text('Worker id of who left'),
  fullName: text('Display name'),
  startAt: at('When the engagement began that ended'),
  endAt: at('When it ended: the earlier, where HR and a statement tell of it'),
  hrEndAt: maybeAt('When it ends by HR; null where HR tells of no end'),
  statedEndAt: maybeAt('When it ended by the earliest statement about this engagement; null where there is none'),
  statement: maybeText('Id of that statement'),
});
export type Leaver = z.infer<typeof Leaver>;

type With = { readonly stated: Join<Termination, 'workerId'>; readonly engagements: Join<Worker, 'workerId'> };

/** Who left, by either source. A statement is about the newest engagement that had begun before the end that it tells of. */
export const leavers = deriveDataset<Leaver, Worker, With>(
  {
    id: 'people.leavers',
    title: 'One engagement that ended, as HR tells or as somebody stated',
    row: Leaver,
    label: ({ fullName, workerId }) => `${fullName} (${workerId})`,
  },
  {
    population: workers,
    with: { stated: terminations.on('workerId'), engagements: workers.on('workerId') },

    derive({ workerId, fullName, startAt, terminationAt }, { stated, engagements }) {
      const later = engagements.map((other) => other.startAt).filter((start) => start > startAt);
      const its = stated.filter(({ effectiveAt }) => startAt < effectiveAt && later.every((start) => effectiveAt <= start));
      const [first] = its.toSorted((a, b) => a.effectiveAt - b.effectiveAt || (a.terminationId < b.terminationId ? -1 : 1));
      if (terminationAt === null && !first) return { row: null, cites: [] };
      const statedEndAt = first?.effectiveAt ?? null;
      const endAt = Math.min(terminationAt ?? Infinity, statedEndAt ?? Infinity);
      const row = { workerId, fullName, startAt, endAt, hrEndAt: terminationAt, statedEndAt, statement: first?.terminationId ?? null };
      return { row, cites: first ? [first] : [] };
    },
  },
);
