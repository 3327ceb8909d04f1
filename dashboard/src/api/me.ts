import { useAnswer } from './answer.tsx';
import type { Answer } from './ask.ts';

export type Me = Answer<'users', 'me'>;
export type Permission = Me['permissions'][number];

/** Who looks at the page, and what they may. */
export const useMe = () => useAnswer<Me>('/me');

/** What must be granted to open a page: the longest beginning of its address counts. What is not listed is open to whoever is signed in. */
const NEEDS: Readonly<Record<string, Permission>> = {
  '/people': 'people.read',
  '/log': 'evidence.read',
  '/alerts': 'alerts.read',
  '/sources': 'sources.read',
  '/reports': 'reports.read',
  '/jobs': 'jobs.read',
  '/settings/users': 'users.read',
  '/settings/notifications': 'settings.read',
  '/settings/retention': 'settings.read',
  '/settings/keys': 'settings.read',
  '/settings/log': 'settings.read',
  '/settings/trail': 'trail.read',
};
/** Pages that tell of the whole company: an auditor whose view is bounded to an audit is not shown the way to them. */
const WHOLE = ['/settings/users', '/settings/retention', '/jobs'];

const within = (to: string, path: string): boolean => to === path || to.startsWith(`${path}/`);

/** What must be granted to open a page; nothing of one that is open to whoever is signed in. */
export function needsOf(to: string): Permission | undefined {
  const [longest] = Object.keys(NEEDS)
    .filter((path) => within(to, path))
    .sort((a, b) => b.length - a.length);
  return longest === undefined ? undefined : NEEDS[longest];
}

/** Whether a page is one that somebody may open. Before it is known who looks, every way is shown: the server refuses by itself. */
export function mayOpen(to: string, me: Pick<Me, 'permissions' | 'bounds'> | undefined): boolean {
  if (!me) return true;
  const needs = needsOf(to);
  return (needs === undefined || me.permissions.includes(needs)) && (me.bounds === null || !WHOLE.some((path) => within(to, path)));
}
