/** What goes wrong with registers, so many days before the last one. */
export const REGISTER_DAYS = {
  /** The courier was reviewed with the others for the last time then. */
  lastCourierReview: 440,
  /** An exception that was to end then still stands. */
  exceptionEnds: 20,
  /** A risk was played down by its owner, who merged that alone. */
  aloneChange: 45,
  /** Somebody may go around the rules of a branch, and that is accepted. */
  waiver: 10,
  /** An outsider nobody answers for was accepted, for a time. */
  expiredWaiver: { from: 85, to: 25 },
  /** Somebody accepted a shared login alone. */
  aloneWaiver: 30,
  /** The last key that is too old is being replaced. */
  remediation: 9,
  /** What a leaver did after leaving was looked into. */
  closed: 60,
  /** Nobody looked through the risks in the quarter of that day. */
  skippedRisks: 170,
} as const;

export const registerStories = () => [
  {
    name: 'unreviewed vendor',
    tells: 'a vendor was not reviewed for fourteen months',
    check: 'register-entries-reviewed',
    item: 'Parcel courier (vendors)',
    open: true,
  },
  {
    name: 'ended exception',
    tells: 'an exception is past its end and still stands',
    check: 'exceptions-closed',
    item: 'Old monitoring console knows one login (exceptions)',
    open: true,
  },
  {
    name: 'change of one',
    tells: 'a risk was changed by its owner, who merged it alone',
    check: 'register-changes-approved',
    item: 'Loss of the main region (risks)',
    open: true,
  },
  {
    name: 'waiver of one',
    tells: 'a shared login was accepted by one person alone: the waiver does not count',
    check: 'register-changes-approved',
    item: 'Shared login of operations (waivers)',
    open: true,
  },
];

/** What the waivers of Acme are worth on the last day, by their ids. */
export const WAIVED = { 'L-1': 'expired', 'L-2': 'not approved', 'L-3': 'in force' } as const;
