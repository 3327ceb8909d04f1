/** When things go wrong in the trackers of Acme, so many days before the last day: each is the first usual change, or a request, of that day or after. */
export const TRACKER_DAYS = {
  selfApproved: 241,
  lateApproval: 236,
  withdrawn: 246,
  noRollback: 229,
  neverClosed: 232,
  emergencyUnreviewed: 209,
  moved: 35,
  ownRequest: 238,
  grantedFirst: 224,
  rejectedGranted: 217,
} as const;
export type TrackerWrong = keyof typeof TRACKER_DAYS;

/** What somebody who reads the rows must find: of which dataset, and what the one row of it shows. */
export interface RowStory {
  readonly name: TrackerWrong;
  readonly tells: string;
  readonly dataset: 'change.tickets' | 'access.requests';
}

export const TRACKER_STORIES: readonly RowStory[] = [
  { name: 'selfApproved', tells: 'a change was approved by the person who made it', dataset: 'change.tickets' },
  { name: 'lateApproval', tells: 'a change was approved the day after it was released', dataset: 'change.tickets' },
  { name: 'withdrawn', tells: 'an approval was taken back, and the change released all the same', dataset: 'change.tickets' },
  { name: 'noRollback', tells: 'nobody wrote down how to undo a change', dataset: 'change.tickets' },
  { name: 'neverClosed', tells: 'the ticket of a change was never closed', dataset: 'change.tickets' },
  { name: 'emergencyUnreviewed', tells: 'nobody looked at an emergency change afterwards', dataset: 'change.tickets' },
  { name: 'moved', tells: 'a ticket was moved from another project, and a pull request names it by its old key', dataset: 'change.tickets' },
  { name: 'ownRequest', tells: 'somebody approved access for themselves', dataset: 'access.requests' },
  { name: 'grantedFirst', tells: 'access was given before it was approved', dataset: 'access.requests' },
  { name: 'rejectedGranted', tells: 'access was refused, and given all the same', dataset: 'access.requests' },
];
