import { z } from 'zod';
import { hours } from '../../core/instant.ts';
import { defineDataset } from '../dataset.ts';
import { at, list, maybeText, said, systemId, text } from '../fields.ts';

export const ProtectionChange = z.object({
  systemId,
  eventId: text('Id of the event in its source'),
  action: text('What was done, in the words of the source'),
  kind: z
    .enum(['branch-protection', 'ruleset', 'push-protection'])
    .describe('Classic protection of a branch, a ruleset, or the refusal of pushes that hold secrets'),
  change: z
    .enum(['created', 'changed', 'removed', 'overridden'])
    .describe('What became of the rule. Overridden: it stands, and somebody with the right to went around it this once'),
  loosened: said('Afterwards less is refused than before: a rule was removed or switched off, asks for less, or more may go around it'),
  what: list('What is different, in the words of the source: fields, and values where it gives them'),
  repoId: maybeText('Repository; null of a rule of the whole organization'),
  repo: maybeText('Owner and name of the repository'),
  target: maybeText('Branch or ruleset, by name'),
  actorId: text('Id of who or what did it'),
  actor: text('Its name'),
  actorKind: z.enum(['automation', 'human', 'unknown']).describe('A person, or a service acting by itself; unknown where the source does not say'),
  occurredAt: at('When it happened'),
});
export type ProtectionChange = z.infer<typeof ProtectionChange>;

export const protectionChanges = defineDataset<ProtectionChange>({
  id: 'repo.protection-changes',
  title: 'One change to the rules that protect branches, as it happened',
  row: ProtectionChange,
  key: ({ eventId }) => eventId,
  label: ({ action, target, repo, systemId: system }) => `${action} ${target ?? ''} in ${repo ?? system}`.replace('  ', ' '),
  freshness: hours(36),
  happened: ({ occurredAt }) => occurredAt,
});
