/** What goes wrong with registers, so many days before the last one. */
export const REGISTER_DAYS = {
  /** The courier was reviewed with the others for the last time on the first day, and again when somebody noticed. */
  courier: { last: 440, again: 60 },
  /** An exception that was to end then stood for three weeks more. */
  exception: { ends: 160, closed: 136 },
  /** A risk was played down by its owner, who merged that alone; the next review of all risks looked at it too. */
  aloneChange: 88,
  /** Somebody may go around the rules of a branch, and that is accepted. */
  waiver: 188,
  /** An outsider nobody answers for was accepted, for a time. */
  expiredWaiver: { from: 172, to: 141 },
  /** Somebody accepted a shared login alone, until the login was gone. */
  aloneWaiver: { from: 150, to: 136 },
  /** The last key that is too old is being replaced. */
  remediation: 9,
  /** What a leaver did after leaving was looked into. */
  closed: 186,
  /** Nobody looked through the risks in the quarter of that day, and somebody did when the quarter was over. */
  skippedRisks: 170,
  lateRisks: 126,
  /** All that had gone wrong before the half year that is observed was gone through, and what was done about it written down. */
  goneThrough: 170,
} as const;

export const registerStories = () => [
  {
    name: 'unreviewed vendor',
    tells: 'a vendor was not reviewed for more than a year',
    check: 'register-entries-reviewed',
    item: 'Parcel courier (vendors)',
    open: false,
  },
  {
    name: 'ended exception',
    tells: 'an exception was past its end for three weeks and still stood',
    check: 'exceptions-closed',
    item: 'Old monitoring console knows one login (exceptions)',
    open: false,
  },
  {
    name: 'change of one',
    tells: 'a risk was changed by its owner, who merged it alone',
    check: 'register-changes-approved',
    item: 'Loss of the main region (risks)',
    open: false,
  },
  {
    name: 'waiver of one',
    tells: 'a shared login was accepted by one person alone: the waiver did not count',
    check: 'register-changes-approved',
    item: 'Shared login of operations (waivers)',
    open: false,
  },
];

/** What the waivers of Acme are worth on the last day, by their ids. */
export const WAIVED = { 'L-1': 'expired', 'L-2': 'withdrawn', 'L-3': 'in force' } as const;
