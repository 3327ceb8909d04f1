import { parsed } from '../access/document.ts';
import { grantsWidely } from '../access/wildcards.ts';
import { systems } from '../datasets/asset/systems.ts';
import { administersAlone } from '../datasets/iam/permissions.ts';
import { policies } from '../datasets/iam/policies.ts';
import { conforms, defineCheck, deviates, unknown } from './check.ts';
import { outOfScope } from './scope.ts';

export const policiesScoped = defineCheck({
  id: 'policies-scoped',
  title: 'Policies of our own grant no wildcards',
  version: 2,
  asserts: 'No attached policy that the company wrote grants administration, or every action of a service on every resource.',
  population: policies.where(({ managedBy, attachments, boundaries }) => managedBy !== 'provider' && attachments > 0 && boundaries === 0),
  with: { scope: systems.on('systemId') },

  examine(policy, { scope }) {
    const out = outOfScope(scope);
    if (out) return out;
    const document = parsed(policy.document);
    if (document === null) return unknown('its document cannot be read as a policy of an identity');
    const [admin, wild] = [administersAlone(policy), grantsWidely(document)];
    if (admin === 'yes') return deviates('grants administration of the account');
    if (wild === 'yes') return deviates('grants every action of a service on every resource');
    return admin === 'unknown' || wild === 'unknown'
      ? unknown('grants wildcards under a condition, which cannot be decided from the policy alone')
      : conforms();
  },
});
