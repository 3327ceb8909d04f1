/** What goes wrong with deployments. */
export const DEPLOYMENT_STORIES = [
  { name: 'laptop', tells: 'somebody deployed by hand', check: 'deployments-made-by-pipeline', item: 'acme/web to production', open: true },
  { name: 'laptop unapproved', tells: 'nobody approved what was deployed by hand', check: 'deployments-approved', item: 'acme/web to production', open: true },
  { name: 'unverified', tells: 'nothing verified what was deployed by hand', check: 'deployments-verified', item: 'acme/web to production', open: true },
  {
    name: 'skipped approval',
    tells: 'a deployment did not wait for its approval',
    check: 'deployments-approved',
    item: 'acme/api-gateway to production',
    open: true,
  },
  {
    name: 'late rollback',
    tells: 'a deployment whose smoke test failed was taken back only the next morning',
    check: 'failed-deployments-reversed',
    item: 'acme/web to production',
    open: true,
  },
  {
    name: 'untested',
    tells: 'a commit was deployed although the tests had failed on it',
    check: 'deployed-commits-tested',
    item: 'acme/platform to production',
    open: true,
  },
] as const;
