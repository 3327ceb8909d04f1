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
] as const;
