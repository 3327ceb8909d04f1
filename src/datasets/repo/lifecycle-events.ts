import { z } from 'zod';
import { hours } from '../../core/instant.ts';
import { defineDataset } from '../dataset.ts';
import { at, maybeText, systemId, text } from '../fields.ts';

const visibility = z.enum(['public', 'internal', 'private', 'unknown']).nullable();

export const RepoLifecycleEvent = z.object({
  systemId,
  eventId: text('Id of the event in its source'),
  action: text('What was done, in the words of the source'),
  change: z
    .enum(['created', 'visibility', 'renamed', 'transferred', 'archived', 'unarchived', 'deleted', 'restored'])
    .describe('What became of the repository'),
  repoId: maybeText('Repository; null where the source does not say'),
  repo: text('Owner and name of the repository then'),
  before: visibility.describe('Who could read it before; null where the event does not change it'),
  after: visibility.describe('Who can read it from then on; null of an event that neither makes it nor changes this'),
  formerName: maybeText('What it was called before, where it was renamed'),
  actorId: text('Id of who or what did it'),
  actor: text('Its name'),
  actorKind: z.enum(['automation', 'human', 'unknown']).describe('A person, or a service acting by itself; unknown where the source does not say'),
  occurredAt: at('When it happened'),
});
export type RepoLifecycleEvent = z.infer<typeof RepoLifecycleEvent>;

export const repoLifecycleEvents = defineDataset<RepoLifecycleEvent>({
  id: 'repo.lifecycle-events',
  title: 'One repository that was made, opened to others, moved, archived or deleted, as it happened',
  row: RepoLifecycleEvent,
  key: ({ eventId }) => eventId,
  label: ({ change, repo }) => `${repo}: ${change}`,
  freshness: hours(36),
  happened: ({ occurredAt }) => occurredAt,
});
