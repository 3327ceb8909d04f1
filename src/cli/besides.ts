import { iso } from '../core/instant.ts';
import { spokenExclusion, spokenInstant, spokenUnfed } from '../core/spoken.ts';
import type { Besides } from '../engine/posture.ts';
import { instantOrNull } from './output.ts';

/** What bears on a control besides its checks, for machines. */
export const besidesMachine = ({ excluded, notExcluded, duties, unfed, unexamined }: Besides) => ({
  excluded: excluded && { ...excluded, since: iso(excluded.since) },
  notExcluded,
  duties: duties.map(({ what, status, because, from, to }) => ({ what, status, because, from: instantOrNull(from), to: instantOrNull(to) })),
  unfed,
  unexamined,
});

/** The same for people, a line each. What nothing examines is said where there is no check at all. */
export const besidesLines = ({ excluded, notExcluded, duties, unfed, unexamined }: Besides, checks: number): readonly string[] => [
  ...(excluded ? [spokenExclusion(excluded)] : []),
  ...(notExcluded === null ? [] : [notExcluded]),
  ...duties.map(({ what, because, to }) => `${what}: ${because}${Number.isFinite(to) ? `; done on ${spokenInstant(to)}` : ''}.`),
  ...(unfed.length === 0 ? [] : [spokenUnfed(unfed)]),
  ...(checks === 0 ? [`No check examines it yet: ${unexamined.join('; ') || 'nothing says what one would examine'}.`] : []),
];
