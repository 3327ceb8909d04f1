import { systems } from '../datasets/asset/systems.ts';
import { adminOf, wildcardsOf } from '../datasets/iam/permissions.ts';
import { statements } from '../datasets/iam/evaluate.ts';
import { policies } from '../datasets/iam/policies.ts';
import { conforms, defineCheck, deviates, unknown } from './check.ts';
import { outOfScope } from './scope.ts';

export const policiesScoped = defineCheck({
  id: 'policies-scoped',
  title: 'Policies of our own grant no wildcards',
  version: 1,
  asserts: 'No attached policy that the company wrote grants administration, or every action of a service on every resource.',
  population: policies.where(({ managedBy, attachments, boundaries }) => managedBy !== 'provider' && attachments > 0 && boundaries === 0),
  with: { scope: systems.on('systemId') },

  examine({ document }, { scope }) {
    const out = outOfScope(scope);
    if (out) return out;
    const [admin, wild] = [adminOf([statements(document)]), wildcardsOf(document)];
    if (admin === 'yes') return deviates('grants administration of the account');
    if (wild === 'yes') return deviates('grants every action of a service on every resource');
    return admin === 'unknown' || wild === 'unknown'
      ? unknown('grants wildcards under a condition, which cannot be decided from the policy alone')
      : conforms();
  },
});
