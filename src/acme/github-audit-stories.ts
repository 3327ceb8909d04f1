/** When things happen in the audit log of GitHub, so many days before the last day. */
export const AUDIT_DAYS = {
  rulesOff: { day: 217, hour: 16, minutes: 10, repo: 'platform' },
  /** For an hour the rules of a branch were off, by an exception, and put back. */
  allowedOff: { day: 65, hour: 19, hours: 1, repo: 'docs', exception: { from: 70, to: 62 } },
  twoFactorOff: { day: 134, hours: 3 },
  opened: { day: 72, hours: 2, repo: 'design-system' },
  deployKey: { from: 88, to: 40, repo: 'infrastructure' },
  token: { day: 50 },
  oauthApp: { day: 66 },
  installedApp: { day: 150 },
  ownerForADay: { day: 206 },
  /** A scan was not asked for until then. */
  unscanned: { to: 140, repo: 'docs' },
  /** Merges past the rules: one that somebody looked at, and one that nobody did. */
  overrides: [
    { day: 57, repo: 'mobile' },
    { day: 192, repo: 'data-pipeline' },
  ],
} as const;

/** Places of the people that these stories are about: all engineers. */
export const AUDIT_CAST = { owner: 1, second: 2, token: 16, deployKey: 10, ownerForADay: 18, rulesOff: 2 } as const;

export function auditStories() {
  const story = (name: string, tells: string, check: string, item: string) => ({ name, tells, check, item, open: true });
  return [
    story(
      'rules off',
      'for ten minutes the rules of the organization were switched off, and no exception allowed it',
      'rule-loosenings-approved',
      'repository_ruleset.update',
    ),
    story(
      'pushes unwatched',
      'the search for credentials in pushes was switched off without an exception',
      'rule-loosenings-approved',
      'push_protection.disable',
    ),
    story(
      'bypass left open',
      'who may go around the rules of a branch was widened, and that still stands',
      'rule-loosenings-undone',
      'repository_ruleset.update',
    ),
    story(
      'override unseen',
      'an administrator merged past the rules, and nobody looked at it',
      'rule-overrides-reviewed',
      `acme/${AUDIT_DAYS.overrides[1].repo}`,
    ),
    { ...story('no scan', 'one repository asked for no scan before a merge', 'security-checks-required', `acme/${AUDIT_DAYS.unscanned.repo}`), open: false },
  ];
}
