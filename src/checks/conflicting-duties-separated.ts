import { grants } from '../datasets/access/grants.ts';
import { groups } from '../datasets/access/groups.ts';
import { roles } from '../datasets/access/roles.ts';
import { sodRules } from '../datasets/access/sod-rules.ts';
import { memberships } from '../datasets/identity/memberships.ts';
import { engagements } from '../datasets/people/engagements.ts';
import type { Row } from '../datasets/dataset.ts';
import { conforms, defineCheck, deviates, unknown } from './check.ts';
import { approvedByOthers } from './stated.ts';

export const conflictingDutiesSeparated = defineCheck({
  id: 'conflicting-duties-separated',
  title: 'Conflicting duties are held by different people',
  version: 1,
  asserts:
    'Of each pair of duties that must stay apart, no person holds both sides, in one system or across several, unless an approved entry names what compensates.',
  population: sodRules.where(({ active }) => active),
  with: {
    granted: grants.where(({ status }) => status !== 'inactive').all(),
    belonging: memberships.all(),
    roles: roles.all(),
    groups: groups.all(),
    holders: engagements.all(),
  },

  examine(rule, { granted, belonging, roles: known, groups: grouped, holders }) {
    const held: readonly Held[] = [
      ...granted.map((row) => ({ ...row, names: [row.role, row.roleId, ...row.groups, ...row.groupIds], row })),
      ...belonging.map((row) => ({ ...row, names: [row.name], row })),
    ];
    const told = new Set(
      [
        ...held.flatMap(({ names }) => names),
        ...known.flatMap(({ name, roleId }) => [name, roleId]),
        ...grouped.flatMap(({ name, groupId }) => [name, groupId]),
      ].map(lower),
    );
    const strange = [rule.one, rule.other].find((side) => !side.some((name) => told.has(lower(name))));
    if (strange) return unknown(`nothing in any system that is told of is called ${strange.join(' or ')}`);
    const compensated = rule.compensating === null ? 'no' : approvedByOthers(rule);
    if (compensated === 'yes') return conforms();
    const whose = (it: Held): Person => {
      const its = holders.find(({ systemId, userId }) => systemId === it.systemId && userId === it.userId);
      const person = its?.personId ?? its?.ownerId ?? null;
      return { name: person ?? `${it.userId} in ${it.systemId}`, known: person !== null };
    };
    const holding = (side: readonly string[]): readonly Held[] => {
      const its = side.map(lower);
      return held.filter(({ names }) => names.some((name) => its.includes(lower(name))));
    };
    const [one, other] = [holding(rule.one), holding(rule.other)];
    const others = new Set(other.map((it) => whose(it).name));
    const both = [...new Set(one.map((it) => whose(it).name))].filter((name) => others.has(name)).sort();
    if (both.length > 0 && compensated === 'unknown')
      return unknown(`${both.join(', ')} would need that somebody approved what compensates, and nothing tells`);
    if (both.length > 0)
      return deviates(`${both.join(', ')} ${both.length === 1 ? 'holds' : 'hold'} ${rule.one.join(' or ')} and ${rule.other.join(' or ')}`, {
        cites: [...one, ...other].filter((it) => both.includes(whose(it).name)).map(({ row }) => row),
      });
    const nobodys = one.length > 0 && other.length > 0 ? [...one, ...other].map(whose).filter(({ known: its }) => !its) : [];
    if (nobodys.length > 0) return unknown(`nobody knows whose it is: ${[...new Set(nobodys.map(({ name }) => name))].sort().join(', ')}`);
    return conforms();
  },
});

interface Held {
  readonly systemId: string;
  readonly userId: string;
  readonly names: readonly string[];
  readonly row: Row;
}

interface Person {
  readonly name: string;
  readonly known: boolean;
}

const lower = (name: string): string => name.toLowerCase();
