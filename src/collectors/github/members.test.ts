import { expect, it } from 'vitest';
import { basePermission, memberRows } from './members.ts';

const account = (id: number) => ({ id, login: `user-${id}` });
const team = (id: number, name: string, parent: number | null, maintainers: readonly number[], members: readonly number[]) => ({
  ...{ id, name, slug: name.toLowerCase(), parent: parent === null ? null : { id: parent } },
  maintainers: maintainers.map(account),
  members: members.map(account),
});
const rows = memberRows({
  systemId: 'github',
  organization: 'acme',
  owners: [account(1)],
  members: [account(2), account(3)],
  outside: [account(4)],
  teams: [team(10, 'Engineering', null, [1], []), team(11, 'Web', 10, [], [2]), team(12, 'Checkout', 11, [], [3]), team(13, 'Lost', 99, [], [3])],
});

it('follows teams to the top, whether or not those above list who is below', () =>
  expect(rows.map(({ login, role, principalIds, teams, unresolved }) => [login, role, principalIds, teams, unresolved])).toEqual([
    ['user-1', 'owner', ['1', '10'], ['10 Engineering'], []],
    ['user-2', 'member', ['2', '10', '11'], ['10 Engineering, by its team Web', '11 Web'], []],
    [
      'user-3',
      'member',
      ['3', '10', '11', '12', '13'],
      ['10 Engineering, by its team Checkout', '11 Web, by its team Checkout', '12 Checkout', '13 Lost'],
      ['Lost'],
    ],
    ['user-4', 'outside-collaborator', ['4'], [], []],
  ]));

it('does not go round in circles', () => {
  const [row] = memberRows({
    ...{ systemId: 'github', organization: 'acme', owners: [account(1)], members: [], outside: [] },
    teams: [team(10, 'A', 11, [1], []), team(11, 'B', 10, [], [])],
  });
  expect(row?.principalIds).toEqual(['1', '10', '11']);
});

it('takes no word of GitHub that it does not know for a permission', () =>
  expect(['read', 'none', 'superuser', null, undefined].map(basePermission)).toEqual(['read', 'none', 'unknown', 'unknown', 'unknown']));
