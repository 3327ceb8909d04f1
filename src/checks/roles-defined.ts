import { roleDefinitions } from '../datasets/access/role-definitions.ts';
import { roles } from '../datasets/access/roles.ts';
import { systems } from '../datasets/asset/systems.ts';
import { workers } from '../datasets/hr/workers.ts';
import { conforms, defineCheck, deviates, unknown } from './check.ts';
import { outOfScope } from './scope.ts';
import { approvedByOthers } from './stated.ts';
import { working } from './working.ts';

export const rolesDefined = defineCheck({
  id: 'roles-defined',
  title: 'Every role is defined and owned',
  version: 1,
  asserts:
    'Every administrator role that a system in scope knows has a definition that says what it is for, that somebody who works here answers for, and that another person approved.',
  population: roles,
  with: { scope: systems.on('systemId'), definitions: roleDefinitions.on('systemId'), owners: workers.all() },

  examine({ roleId, name }, { at, scope, definitions, owners }) {
    const out = outOfScope(scope);
    if (out) return out;
    const called = [roleId, name].map((it) => it.toLowerCase());
    const [defined] = definitions
      .filter((it) => called.includes(it.roleId.toLowerCase()) || it.grants.some((grant) => called.includes(grant.toLowerCase())))
      .sort((a, b) => (a.roleId < b.roleId ? -1 : 1));
    if (!defined) return deviates('no definition says what it is for and who answers for it');
    const { title, description, ownerId } = defined;
    if (description === null) return deviates(`its definition "${title}" does not say what it is for`, { cites: [defined] });
    if (ownerId === null) return deviates(`nobody answers for its definition "${title}"`, { cites: [defined] });
    const approved = approvedByOthers(defined);
    if (approved === 'unknown') return unknown(`nothing tells whether anybody but its author approved its definition "${title}"`);
    if (approved === 'no') return deviates(`nobody but its author approved its definition "${title}"`, { cites: [defined] });
    const its = owners.filter(({ workerId }) => workerId === ownerId);
    if (its.length === 0) return deviates(`${ownerId}, who answers for its definition "${title}", is not known to HR`);
    const { here, until, stands } = working(its, at);
    return here ? conforms(until) : deviates(`${ownerId}, who answers for its definition "${title}", ${stands}`, { cites: [defined, ...its], ...until });
  },
});
