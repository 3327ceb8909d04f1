import { person, type World } from './world.ts';

/** When access is given otherwise than it should be, so many days before the last day. */
export const ACCESS_DAYS = {
  directly: { since: 230 },
  groupRole: { since: 85 },
  ownRole: { since: 130 },
  ruleOff: { from: 120, to: 110 },
  storedPassword: { since: 100 },
  survey: { off: 66 },
  oneFactor: { from: 45, to: 31 },
  longSession: { from: 75, to: 61 },
  strongFactor: { since: 138 },
} as const;

/** Places of the people that these stories are about. */
export const ACCESS_CAST = { directly: 14, ownRole: 7, weakAdmin: 1 } as const;

export function accessStories(world: World) {
  const who = person(world, ACCESS_CAST.directly).email;
  return [
    {
      name: 'access by name',
      tells: 'somebody in finance was given AWS by name, past all groups, and nobody had asked for it',
      check: 'access-grants-requested',
      item: `${who} in okta: app-added`,
      open: true,
    },
    {
      name: 'long sessions',
      tells: 'for two weeks sessions lasted a week',
      check: 'sessions-limited',
      item: 'Workforce sign-on',
      open: false,
    },
    {
      name: 'administrator with a telephone',
      tells: 'an administrator could sign in by a tap on a telephone until there was a key for everyone',
      check: 'admin-factors-strong',
      item: `${person(world, ACCESS_CAST.weakAdmin).email} in okta`,
      open: false,
    },
  ];
}
