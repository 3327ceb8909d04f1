/** What goes wrong with what GitHub finds, so many days before the last one. */
export const ALERT_DAYS = {
  /** A token was found in a repository; it was revoked three days later. */
  lateRevocation: { found: 150, revoked: 147, repo: 'billing' },
  /** A key was found, and closed as not to be fixed; it was revoked after all. */
  unfixed: { found: 40, closed: 39, revoked: 28, repo: 'mobile' },
  /** Pushes were not looked at for eight days. */
  unprotectedPushes: { from: 215, to: 207, repo: 'data-pipeline' },
  /** A critical weakness of a dependency, open to this day. */
  overdue: { found: 25, repo: 'api-gateway' },
  /** A rule dismissed a weakness, and it was repaired when somebody looked. */
  byRule: { found: 42, fixed: 26, repo: 'docs' },
} as const;

export const alertStories = () => [
  {
    name: 'late revocation',
    tells: 'a leaked token was revoked after three days',
    check: 'secrets-revoked',
    item: `in acme/${ALERT_DAYS.lateRevocation.repo}`,
    open: true,
  },
  {
    name: 'unfixed secret',
    tells: 'a leaked key was closed as not to be fixed, and revoked only when an auditor asked',
    check: 'secrets-revoked',
    item: `in acme/${ALERT_DAYS.unfixed.repo}`,
    open: true,
  },
  {
    name: 'unprotected pushes',
    tells: 'for eight days pushes to a repository were not searched for credentials',
    check: 'scanning-enabled',
    item: `acme/${ALERT_DAYS.unprotectedPushes.repo}`,
    open: false,
  },
  {
    name: 'overdue dependency',
    tells: 'a critical weakness of a dependency is not repaired, and its time has passed',
    check: 'vulnerabilities-fixed-on-time',
    item: `in acme/${ALERT_DAYS.overdue.repo}`,
    open: true,
  },
  {
    name: 'dismissed by a rule',
    tells: 'a rule dismissed a weakness of a dependency, and nobody answered for it',
    check: 'vulnerability-dismissals-explained',
    item: `in acme/${ALERT_DAYS.byRule.repo}`,
    open: false,
  },
];
