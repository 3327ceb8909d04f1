import { person, type World } from './world.ts';

/** What the exports tell that went wrong, so many days before the last one: they are read since the ninth. */
export const EXPORT_DAYS = {
  /** Protection against malicious software had not reported from a computer. */
  silentProtection: { from: 24, to: 3 },
  /** A computer was reported as retired, went on reporting, and was wiped then. */
  wiped: { retired: 40, seen: 12, to: 5 },
  /** Another was retired, and has been silent since. */
  setAside: 70,
  /** An account of the support desk had a password of its own. */
  ownPassword: { from: 300, to: 4 },
  /** A class was held in a room. */
  schoolClass: 225,
  /** What was done about the missing list was written down. */
  listed: 8,
} as const;

/** Places of the people that these stories are about. */
export const EXPORT_CAST = { bookkeepers: [6, 14, 46, 54], silentProtection: 14, ownPassword: 28, pupils: [2, 10, 16, 18], unlisted: 18 } as const;

/** The item of who was in the class without being on a list. */
export const unlisted = (world: World): string => `Secure Coding: ${person(world, EXPORT_CAST.unlisted).name}`;

export function exportStories(world: World) {
  const story = (name: string, tells: string, check: string, item: string, open = false) => ({ name, tells, check, item, open });
  return [
    story('silent protection', 'for weeks the protection of a computer did not report', 'devices-protected', 'pc-72 '),
    story('retired and used', 'a computer that was retired went on reporting', 'retired-devices-silent', 'pc-78 '),
    story(
      'password kept',
      'an account of the support desk could still sign in with a password',
      'local-passwords-removed',
      person(world, EXPORT_CAST.ownPassword).email,
    ),
    story('class without a list', 'who was in a class was written down, and nobody has the list', 'training-records-proven', unlisted(world), true),
  ];
}
