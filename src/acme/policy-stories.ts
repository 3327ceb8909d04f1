import { person, type World } from './world.ts';

/** Who has not accepted the second version of the policy on acceptable use, and who accepted late on joining, after so many days. */
export const POLICY_CAST = { owes: 10, late: { place: 55, after: 20 } } as const;

export const policyStories = (world: World) => [
  {
    name: 'version not accepted',
    tells: 'one person has not accepted the new version of a policy',
    check: 'revised-policies-accepted-by-workforce',
    item: 'Acceptable use, version 2',
    open: true,
  },
  {
    name: 'accepted late on joining',
    tells: 'somebody who joined accepted the policies after twenty days',
    check: 'policies-accepted-by-new-workers',
    item: person(world, POLICY_CAST.late.place).name,
    open: false,
  },
];
