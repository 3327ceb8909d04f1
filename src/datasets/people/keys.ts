import { z } from 'zod';
import { days } from '../../core/instant.ts';
import { defineDataset } from '../dataset.ts';
import { maybeAt, text } from '../fields.ts';
import { stated } from '../stated.ts';

const PersonKey = z.object({
  keyId: text(
    'Fingerprint of the key: of one that tickmark made SHA-256 of its public part (SubjectPublicKeyInfo, DER), hex; of one that signs commits as git says it',
  ),
  email: text('Address of the person, lower case'),
  until: maybeAt('When it ceases to be theirs: lost, replaced, or its person left'),
  ...stated,
});
export type PersonKey = z.infer<typeof PersonKey>;

export const peopleKeys = defineDataset<PersonKey>({
  id: 'people.keys',
  title: 'A key that is declared to be the one of an address: what it signs, its person says',
  row: PersonKey,
  key: ({ keyId }) => keyId,
  label: ({ keyId, email }) => `key ${keyId.slice(0, 12)} of ${email}`,
  freshness: days(11),
});
