/** What goes wrong with registers, so many days before the last one. */
export const REGISTER_DAYS = {
  /** The courier was reviewed with the others for the last time then. */
  lastCourierReview: 440,
  /** An exception that was to end then still stands. */
  exceptionEnds: 20,
  /** A risk was played down by its owner, who merged that alone. */
  aloneChange: 45,
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
];
