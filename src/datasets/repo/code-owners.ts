import { z } from 'zod';
import { days } from '../../core/instant.ts';
import { defineDataset } from '../dataset.ts';
import { count, list, systemId, text } from '../fields.ts';

export const CodeOwner = z.object({
  systemId,
  repo: text('Owner and name of the repository, as the configuration says it'),
  file: text('The file'),
  line: count('Line'),
  pattern: text('Which paths'),
  owners: list('People and teams; empty where the line takes ownership away'),
});
export type CodeOwner = z.infer<typeof CodeOwner>;

export const codeOwners = defineDataset<CodeOwner>({
  id: 'repo.code-owners',
  title: 'One line of the file of code owners in the default branch',
  row: CodeOwner,
  key: ({ repo, line }) => `${repo}/${line}`,
  label: ({ pattern, repo }) => `${pattern} in ${repo}`,
  freshness: days(11),
});
