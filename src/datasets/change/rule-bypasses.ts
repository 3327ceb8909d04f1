import { z } from 'zod';
import { hours } from '../../core/instant.ts';
import { defineDataset } from '../dataset.ts';
import { at, list, maybeText, systemId, text } from '../fields.ts';

export const RuleBypass = z.object({
  systemId,
  bypassId: text('Id of the host'),
  repoId: text('Repository'),
  repo: text('Owner and name of the repository'),
  branch: text('Branch'),
  sha: text('Commit that the branch was moved to'),
  actorId: maybeText('Account that did it'),
  actor: text('Its login'),
  rules: list('Rules that it went around, where the host tells them'),
  occurredAt: at('When'),
});
export type RuleBypass = z.infer<typeof RuleBypass>;

export const ruleBypasses = defineDataset<RuleBypass>({
  id: 'change.rule-bypasses',
  title: 'One update of a default branch that went around a rule, by the word of the host',
  row: RuleBypass,
  key: ({ bypassId }) => bypassId,
  label: ({ actor, repo, sha }) => `bypass by ${actor} in ${repo} (${sha.slice(0, 12)})`,
  freshness: hours(36),
  happened: ({ occurredAt }) => occurredAt,
});
