import type { Then } from '../../app/views.ts';

/** What `asKnownAt` asks for, as the member of a query. */
export function thenGiven(record: number | undefined): { readonly then?: Then } {
  const then = record === undefined ? undefined : { record };
  return then ? { then } : {};
}

type Given<Its> = { readonly [Name in keyof Its as undefined extends Its[Name] ? never : Name]: Its[Name] } & {
  readonly [Name in keyof Its as undefined extends Its[Name] ? Name : never]?: Exclude<Its[Name], undefined>;
};

/** An object without the members that are not given: whoever is called tells "not said" by their absence. */
export const given = <Its extends object>(its: Its): Given<Its> =>
  Object.fromEntries(Object.entries(its).filter(([, value]) => value !== undefined)) as Given<Its>;
