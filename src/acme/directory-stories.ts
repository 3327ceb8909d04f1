import { person, type World } from './world.ts';

/** When things happen in Google Workspace and in the expense tool, so many days before the last day. */
export const DIRECTORY_DAYS = {
  secondStepOff: { from: 36, to: 25 },
  enforcementOff: { from: 120, to: 113 },
  expensesOrphan: { from: 38, to: 27 },
  deletedAfter: 30,
} as const;

/** Places of the people, and accounts, that these stories are about. */
export const DIRECTORY_CAST = { secondStepOff: 19, delegatedAdmin: 7, orphan: 'pat.lindgren@acme.example' } as const;

export function directoryStories(world: World) {
  const who = (place: number) => person(world, place);
  return [
    {
      name: 'second step off',
      tells: 'somebody switched 2-Step Verification off in Google Workspace',
      check: 'mfa-enrolled',
      item: `${who(DIRECTORY_CAST.secondStepOff).email} in google`,
      open: false,
    },
    {
      name: 'enforcement off',
      tells: 'for a week 2-Step Verification was not enforced for the sales department',
      check: 'mfa-enforced',
      item: `${(world.people.find(inSales) ?? who(5)).email} in google`,
      open: false,
    },
    { name: 'expenses orphan', tells: 'an account of the expense tool belonged to nobody', check: 'accounts-owned', item: DIRECTORY_CAST.orphan, open: false },
  ];
}

const inSales = ({ department, endAt }: { readonly department: string; readonly endAt: number | null }): boolean => department === 'Sales' && endAt === null;
