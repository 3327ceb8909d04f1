import { lazyRouteComponent } from '@tanstack/react-router';

/** Pages that few open: they come once somebody goes there, in one piece. */
const pages = () => import('./all.ts');

const page = <Name extends keyof Awaited<ReturnType<typeof pages>>>(name: Name) => lazyRouteComponent(pages, name);

export const settings = {
  overview: page('OverviewPage'),
  account: page('AccountPage'),
  tokens: page('TokensPage'),
  users: page('UsersPage'),
  user: page('UserPage'),
  notifications: page('NotificationsPage'),
  retention: page('RetentionPage'),
  keys: page('KeysPage'),
  log: page('LogCarePage'),
  trail: page('TrailPage'),
};
