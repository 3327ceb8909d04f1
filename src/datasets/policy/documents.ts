import { z } from 'zod';
import { days } from '../../core/instant.ts';
import { defineDataset } from '../dataset.ts';
import { at, maybeText, text } from '../fields.ts';
import { stated } from '../stated.ts';

export const Document = z.object({
  documentId: text('Id of this version of the policy'),
  policyId: text('Policy, the same for all of its versions'),
  title: text('Title'),
  version: text('Version, as acceptances name it'),
  effectiveAt: at('In force from then on, until a later version of the policy is'),
  mustBeAccepted: z.boolean().describe('Everybody who works here has to accept it'),
  location: maybeText('Where its text stands: a path with the commit, or an address'),
  ...stated,
});
export type Document = z.infer<typeof Document>;

export const documents = defineDataset<Document>({
  id: 'policy.documents',
  title: 'One version of one policy, and from when on it is in force',
  row: Document,
  key: ({ documentId }) => documentId,
  label: ({ title, version }) => `${title}, version ${version}`,
  freshness: days(11),
});
