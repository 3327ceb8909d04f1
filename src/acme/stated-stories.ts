/** What goes wrong with what the people of Acme state, so many days before the last one. */
export const STATED_DAYS = {
  /** Somebody looked into it long after, when the auditors asked. */
  unseenSession: { day: 195, seen: 172 },
  lateAllowed: 190,
  /** One that was allowed in time. */
  allowed: 45,
  roleDefined: 140,
  /** Finance was given the cloud by name on the first of these days. */
  duties: { compensated: 137 },
  signOnException: { ends: 112, renewed: 100 },
  /** The newest report that was due before then is the late one. */
  lateReport: 200,
  /** The one before was more than 180 days ago. */
  rehearsal: 141,
  isolation: { failed: 214, mended: 203 },
  drift: { found: 200, resolved: 188 },
  override: { seen: 57, unseen: 192 },
  accountOwned: 240,
  laboratory: 139,
  masked: 128,
  sticks: 132,
  passwords: 134,
  share: { from: 24, to: 12 },
} as const;

/** Who moved to other work. */
export const MOVES = {
  'M-1': { day: 262, place: 6, from: 'Sales', to: 'Finance' },
  'M-2': { day: 120, place: 3, from: 'Support', to: 'Product' },
  'M-3': { day: 200, place: 14, from: 'Sales', to: 'Finance' },
} as const;

export function statedStories(mover: string, account: string, emergency = 'break-glass session PS-3') {
  const story = (name: string, tells: string, check: string, item: string, open = true) => ({ name, tells, check, item, open });
  return [
    story('emergency unseen', 'nobody looked into what was done with emergency access', 'break-glass-reviewed', emergency),
    story(
      'emergency stated alone',
      'and who used it wrote that into the register alone',
      'register-changes-approved',
      'PS-3 (access-privileged-sessions)',
      false,
    ),
    story('allowed afterwards', 'a look into the data of a customer was allowed only when it was over', 'privileged-sessions-allowed', 'database session PS-5'),
    story('role without a definition', 'for months nobody had said what a role of the directory is for', 'roles-defined', 'Group keeper', false),
    story(
      'books and cloud',
      'who keeps the books was given the cloud, and for months nothing made up for it',
      'conflicting-duties-separated',
      'keeps the books',
      false,
    ),
    story('exception ended', 'for twelve days no exception allowed signing in to the cloud with a password', 'single-sign-on-enforced', 'AWS', false),
    story('late report', 'the report on access of one month was handed over after two weeks', 'access-reports-delivered', 'Access in'),
    story('nobody looked at a mover', 'somebody moved, and nobody looked through what they held in time', 'mover-access-reviewed', `${mover} to Finance`),
    story('carried along', 'access given by name was carried into the new work, until a review confirmed it', 'carried-access-confirmed', account, false),
    story('no rehearsal', 'for nine days the last rollback of the product was too long ago', 'rollbacks-rehearsed', 'Public endpoints', false),
    story(
      'customers not apart',
      'a test found a way to the data of another customer, and it took eleven days until one found none',
      'isolation-failures-mended',
      'web',
    ),
    story('drift', 'a bucket was changed by hand, and put back only after twelve days', 'drift-resolved', 'aws_s3_bucket.exports'),
    story('account of nobody', 'for six weeks nobody was named for the production account', 'cloud-accounts-declared', 'root of 123456789012', false),
    story('laboratory', 'an account for trying things out held production too', 'cloud-accounts-separated', 'Laboratory', false),
    story('real data', 'a copy of real data in staging was not masked', 'production-data-kept-out-of-test', 'Copy for the support desk', false),
    story('only watched', 'copies to sticks were only watched', 'dlp-policies-enforced', 'No copies to sticks', false),
    story('weak hash', 'a product kept passwords by a plain hash', 'customer-sign-in-hardened', 'Acme Mobile', false),
    story('open link', 'a price list could be read by whoever had the link', 'external-shares-approved', 'Price list', false),
  ];
}
