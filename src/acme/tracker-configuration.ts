/** How Acme reads its trackers, as its configuration says it: changes in Jira, requests for access in Linear. */
export const JIRA_READING = {
  site: 'acme.atlassian.net',
  projects: ['ACME', 'PLAT'],
  changes: {
    normal: { types: ['Change'] },
    standard: { labels: ['standard-change'] },
    emergency: { labels: ['emergency'] },
    approval: { statuses: ['Approved'], rejected: ['Rejected'] },
    implementation: { statuses: ['Released'] },
    review: { statuses: ['Reviewed'] },
    risk: { at: { field: 'customfield_10101' } },
    rollback: { heading: 'Rollback' },
    impact: { at: { field: 'customfield_10102' }, yes: ['Yes'], no: ['No'] },
  },
} as const;

export const LINEAR_READING = {
  organization: 'acme',
  teams: ['ITA'],
  requests: {
    issues: { labels: ['access'] },
    kinds: { joiner: { labels: ['joiner'] }, additional: { labels: ['additional'] }, 'mover-review': { labels: ['mover'] } },
    approval: { statuses: ['Approved'], rejected: ['Rejected'] },
    fulfilment: { statuses: ['Granted'] },
    beneficiary: { heading: 'For' },
    target: { at: { heading: 'System' }, systems: { GitHub: 'github', Okta: 'okta' } },
    role: { heading: 'Role' },
  },
} as const;
