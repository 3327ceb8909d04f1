import { FAMILIES } from '../../../src/core/families.ts';

/** Where the navigation leads. */
interface Place {
  readonly to: string;
  readonly text: string;
  /** How much of it is owed stands beside it. */
  readonly counted?: boolean;
  /** Of a family: how the ids of its controls begin. It is there where the catalogue has some. */
  readonly family?: string;
}

export const PLACES: readonly { readonly title: string | null; readonly places: readonly Place[] }[] = [
  {
    title: null,
    places: [
      { to: '/', text: 'Posture' },
      { to: '/findings', text: 'Findings' },
      { to: '/tasks', text: 'My tasks', counted: true },
      { to: '/alerts', text: 'Alerts' },
    ],
  },
  {
    title: 'Evidence',
    places: [
      { to: '/log', text: 'Log' },
      { to: '/sources', text: 'Sources' },
      { to: '/people', text: 'People' },
    ],
  },
  { title: 'Families', places: FAMILIES.map(({ id, title, prefix }) => ({ to: `/families/${id}`, text: title, family: prefix })) },
  { title: 'Audit', places: [{ to: '/reports', text: 'Reports' }] },
  {
    title: 'Settings',
    places: [
      { to: '/jobs', text: 'Jobs' },
      { to: '/settings', text: 'Settings' },
    ],
  },
];
