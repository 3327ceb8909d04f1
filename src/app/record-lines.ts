import type { RecordRow } from '../store/store.ts';
import type { RecordLine } from './views.ts';

/** One line of the list of records, as the cache holds it. */
export const recordLine = ({ index, title, outcome, sealedAt, reason, unreadable }: RecordRow): RecordLine => ({
  index,
  title,
  outcome: outcome as RecordLine['outcome'],
  sealedAt,
  reason: reason ?? unreadable,
});
