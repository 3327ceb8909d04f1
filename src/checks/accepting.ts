import type { Instant } from '../core/instant.ts';
import type { Worker } from '../datasets/people/workers.ts';
import type { Acceptance } from '../datasets/policy/acceptances.ts';
import { type Document, documents } from '../datasets/policy/documents.ts';
import { span } from './check.ts';
import { EARLY } from './training.ts';

/** Who joins reads what is in force, and accepts it. */
export const JOINING = span('14 days', 'after the first day');
/** Who works here already accepts each new version. */
export const REVISING = span('30 days', 'after the version is in force');

export const EARLY_WORDS = 'what was accepted up to 30 days before the first day counts, nothing older does';

/** What nobody else approved is a draft, and binds nobody. */
export const versions = documents.where(({ approved }) => approved !== 'no');

/** The version of each policy that is in force at an instant, by policy. */
export function inForceAt(known: readonly Document[], at: Instant): readonly Document[] {
  const newest = new Map<string, Document>();
  for (const document of known) {
    const other = newest.get(document.policyId);
    if (document.effectiveAt <= at && (!other || isNewer(document, other))) newest.set(document.policyId, document);
  }
  return [...newest.values()].sort((a, b) => (a.policyId < b.policyId ? -1 : 1));
}

const isNewer = (one: Document, other: Document): boolean =>
  one.effectiveAt === other.effectiveAt ? one.documentId > other.documentId : one.effectiveAt > other.effectiveAt;

/** When the next version of a policy is in force; `null` while there is none. */
export function replacedAt({ policyId, effectiveAt }: Document, known: readonly Document[]): Instant | null {
  const later = known.flatMap((its) => (its.policyId === policyId && its.effectiveAt > effectiveAt ? [its.effectiveAt] : []));
  return later.length === 0 ? null : Math.min(...later);
}

/** What was accepted of a version, or of a later one, which says the same and more: who accepts that need not accept this. */
export function acceptancesOf({ policyId, effectiveAt }: Document, known: readonly Document[], given: readonly Acceptance[]): readonly Acceptance[] {
  const good = new Set(known.flatMap((its) => (its.policyId === policyId && its.effectiveAt >= effectiveAt ? [its.version] : [])));
  return given.filter((acceptance) => acceptance.policyId === policyId && good.has(acceptance.version)).sort((a, b) => a.acceptedAt - b.acceptedAt);
}

/**
 * Whether somebody accepted for this engagement: by the number of HR, or by an address. Who comes back accepts anew, and
 * an address may have been somebody else's.
 */
export const isOf = ({ workerId, emails, acceptedAt }: Acceptance, worker: Worker): boolean =>
  acceptedAt >= worker.startAt - EARLY && (workerId === null ? emails.some((email) => worker.emails.includes(email)) : workerId === worker.workerId);

/** Looks up what each of many people accepted. */
export function acceptancesByPerson(given: readonly Acceptance[]): (worker: Worker) => readonly Acceptance[] {
  const [byId, byEmail] = [new Map<string, Acceptance[]>(), new Map<string, Acceptance[]>()];
  const add = (its: typeof byId, name: string, acceptance: Acceptance) => its.set(name, [...(its.get(name) ?? []), acceptance]);
  for (const acceptance of given) {
    if (acceptance.workerId !== null) add(byId, acceptance.workerId, acceptance);
    else for (const email of acceptance.emails) add(byEmail, email, acceptance);
  }
  return (worker) =>
    [...(byId.get(worker.workerId) ?? []), ...worker.emails.flatMap((email) => byEmail.get(email) ?? [])].filter((acceptance) => isOf(acceptance, worker));
}

/** Whether something shows that they did it themselves. */
export const isShown = ({ shownBy }: Acceptance): boolean => shownBy !== 'none' && shownBy !== 'unknown';

/** Whether somebody has accepted, by what was accepted up to an instant; `unknown` where nothing shows that they did it themselves. */
export function acceptedBy(given: readonly Acceptance[], at: Instant): 'yes' | 'no' | 'unknown' {
  const done = given.filter(({ acceptedAt }) => acceptedAt <= at);
  return done.some(isShown) ? 'yes' : done.length > 0 ? 'unknown' : 'no';
}

/** As an auditor reads it. */
export const named = ({ title, version }: Document): string => `${title}, version ${version}`;
