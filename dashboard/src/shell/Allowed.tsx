import { useLocation } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { Refused } from '../api/answer.tsx';
import { Problem } from '../api/ask.ts';
import { type Me, mayOpen, needsOf } from '../api/me.ts';
import { PLACES } from './places.ts';

/** Where the navigation leads whoever looks. A group of which nothing is left goes too. */
export const placesFor = (me: Me | undefined): typeof PLACES =>
  PLACES.map((group) => ({ ...group, places: group.places.filter(({ to }) => mayOpen(to, me)) })).filter(({ places }) => places.length > 0);

/** The page, or why it is not shown: what the server would say of each question that the page asks, said once. */
export function Allowed({ me, children }: { readonly me: Me | undefined; readonly children: ReactNode }) {
  const { pathname } = useLocation();
  if (me === undefined || mayOpen(pathname, me)) return children;
  const needs = needsOf(pathname);
  const lacks = needs !== undefined && !me.permissions.includes(needs);
  const detail = lacks
    ? `It needs the permission ${needs}. ${me.name} has the role ${me.role}.`
    : `It tells of the whole company, and the view of ${me.name} is bounded to an audit.`;
  return (
    <Refused
      key={pathname}
      problem={new Problem({ status: 403, type: lacks ? 'not-permitted' : 'out-of-bounds', title: 'Not permitted', detail, instance: null })}
    />
  );
}
