/** The files of a new workspace, by path. */
export function initialFiles({
  company,
  timezone,
  from,
  to,
}: {
  readonly company: string;
  readonly timezone: string;
  readonly from: string;
  readonly to: string;
}): Readonly<Record<string, string>> {
  return {
    'tickmark.yaml': `# yaml-language-server: $schema=.tickmark/tickmark.schema.json
# What Tickmark knows of the company. It is sealed in the log whenever it changes.
company: ${JSON.stringify(company)}
timezone: ${timezone}

# The observation period: from the first day up to, but not including, the last.
period: { from: ${from}, to: ${to} }

# Availability, Confidentiality, Processing integrity and Privacy can be added.
categories: [Security]

# Systems of record, and how to ask them. "tickmark permissions COLLECTOR" prints the least right that each needs.
# Secrets never stand here: refer to them as env:NAME or file:PATH.
sources: []
#  - collector: hr/csv
#    name: people
#    config: { path: registers/workers.csv }
#  - collector: okta/users
#    name: main
#    config: { org: acme.okta.com }
#    credentials: { token: env:OKTA_TOKEN }
#  - collector: github/organization
#    name: main
#    config: { org: acme }
#    credentials: { token: env:GITHUB_TOKEN }
#  - collector: github/repositories
#    name: main
#    config: { org: acme }
#    credentials: { token: env:GITHUB_TOKEN }
#  - collector: aws/iam
#    name: production
#    config: { accounts: [{ id: "123456789012" }] }
#    credentials: default   # AWS's own chain: variables, profiles, roles
#    every: 1d
# What no machine knows: registers in this folder's git repository. Name under "kinds" those that you keep; the folder
# registers/ holds an example of each, and docs/registers.md says what they are for.
#  - collector: files/registers
#    name: workspace
#    config: { kinds: [people-keys, access-roles, access-requests, exceptions] }

# Kinds that people tell by "tickmark attest" instead: by your word, their statements are all there are.
# attested: [training-completions]

# Where log and payloads lie: in .tickmark unless a bucket is named. docs/archive-in-s3.md says what its lock is worth.
#archive: { url: "s3://acme-evidence/tickmark", region: eu-central-1, lock: governance, retentionDays: 2557 }

# What no system says: further addresses of people, whose an account is, who answers for machines and outsiders.
people: {}
#  aliases: [{ worker: W-17, emails: [former.name@acme.example] }]
#  accounts: [{ system: github, account: octo-maria, person: W-17 }]
#  services: [{ system: aws, account: ci-deploy, owner: W-3, purpose: deploys from the pipeline }]
#  external: [{ system: github, account: freelance-jo, owner: W-3, purpose: design work until June }]

# Systems in scope, and which sources tell of each.
scope: {}
#  systems:
#    - { id: aws, name: AWS, sources: [aws/iam/production] }
#    - { id: github, name: GitHub, sources: [github/organization/main, github/repositories/main] }
#    - { id: okta, name: Okta, identityProvider: true, sources: [okta/users/main] }

# Days in which a deviation is to be fixed, by the severity of its control.
# deadlines: { critical: 7, high: 14, medium: 30, low: 90 }

# Who confirms from outside that the log only grows, and when it said what. Without them only an auditor who keeps a
# checkpoint ("tickmark log pin") can tell that history was not written again.
# witnesses: [{ url: https://witness.auditor.example, key: auditor.example/witness+7f3a9c01+BA... }]
# timestamps: [{ name: authority, url: https://tsa.example/tsr, certificates: registers/authority.pem }]
`,
    '.gitignore': '# The state: log, payloads, keys, database. Back it up; never commit it.\n.tickmark/\n',
    'policies/.gitkeep': '',
  };
}
