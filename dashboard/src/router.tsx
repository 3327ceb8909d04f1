import { createRootRoute, createRoute, createRouter, type ErrorComponentProps, type RouteComponent } from '@tanstack/react-router';
import { FAMILIES } from '../../src/core/families.ts';
import { AlertPage } from './pages/Alert.tsx';
import { AlertsPage } from './pages/Alerts.tsx';
import { AttestPage, AttestsPage } from './pages/Attest.tsx';
import { ControlPage } from './pages/Control.tsx';
import { CriterionPage } from './pages/Criterion.tsx';
import { FamilyPage } from './pages/Family.tsx';
import { FindingPage } from './pages/Finding.tsx';
import { FindingsPage } from './pages/Findings.tsx';
import { JobsPage } from './pages/Jobs.tsx';
import { LogPage } from './pages/Log.tsx';
import { PeoplePage, PersonPage } from './pages/People.tsx';
import { PosturePage } from './pages/Posture.tsx';
import { RecordPage } from './pages/Record.tsx';
import { ReportsPage } from './pages/Reports.tsx';
import { SourcePage, SourcesPage } from './pages/Sources.tsx';
import { ConnectPage } from './pages/connect/Catalogue.tsx';
import { ChangeSourcePage, ConnectSourcePage } from './pages/connect/SourceForm.tsx';
import { StartPage } from './pages/start/Start.tsx';
import { settings } from './settings/pages.ts';
import { TasksPage } from './pages/Tasks.tsx';
import { Shell } from './shell/Shell.tsx';
import { timeOf } from './time.ts';

/** One step of the path that was walked. */
export interface Crumb {
  readonly text: string;
  readonly to?: string;
}

declare module '@tanstack/react-router' {
  interface StaticDataRouteOption {
    /** The steps to this page, from its parameters. */
    readonly crumbs?: (params: Readonly<Record<string, string>>) => readonly Crumb[];
    readonly title?: (params: Readonly<Record<string, string>>) => string;
  }
  interface Register {
    router: typeof router;
  }
}

const root = createRootRoute({ component: Shell, validateSearch: timeOf, notFoundComponent: Missing, errorComponent: Broken });

const SETTINGS: Crumb = { text: 'Settings', to: '/settings' };
const POSTURE: Crumb = { text: 'Posture', to: '/' };

const page = <Path extends string>(path: Path, component: RouteComponent, crumbs: (params: Readonly<Record<string, string>>) => readonly Crumb[]) =>
  createRoute({ getParentRoute: () => root, path, component, staticData: { crumbs, title: (params) => crumbs(params).at(-1)?.text ?? '' } });

const routes = [
  page('/', PosturePage, () => [{ text: 'Posture' }]),
  page('/criteria/$id', CriterionPage, ({ id = '' }) => [POSTURE, { text: id }]),
  page('/controls/$id', ControlPage, ({ id = '' }) => [POSTURE, { text: id }]),
  page('/findings', FindingsPage, () => [{ text: 'Findings' }]),
  page('/findings/$id', FindingPage, ({ id = '' }) => [{ text: 'Findings', to: '/findings' }, { text: id }]),
  page('/tasks', TasksPage, () => [{ text: 'My tasks' }]),
  page('/attest', AttestsPage, () => [{ text: 'State something' }]),
  page('/attest/$kind', AttestPage, ({ kind = '' }) => [{ text: 'State something', to: '/attest' }, { text: kind }]),
  page('/log', LogPage, () => [{ text: 'Log' }]),
  page('/log/$index', RecordPage, ({ index = '' }) => [{ text: 'Log', to: '/log' }, { text: `Record ${index}` }]),
  page('/start', StartPage, () => [{ text: 'The first ten minutes' }]),
  page('/sources', SourcesPage, () => [{ text: 'Sources' }]),
  page('/sources/connect', ConnectPage, () => [{ text: 'Sources', to: '/sources' }, { text: 'Connect' }]),
  page('/sources/connect/$vendor/$kind', ConnectSourcePage, ({ vendor = '', kind = '' }) => [
    { text: 'Sources', to: '/sources' },
    { text: 'Connect', to: '/sources/connect' },
    { text: `${vendor}/${kind}` },
  ]),
  page('/sources/$vendor/$kind/$name/change', ChangeSourcePage, ({ vendor = '', kind = '', name = '' }) => [
    { text: 'Sources', to: '/sources' },
    { text: `${vendor}/${kind} ${name}`, to: `/sources/${vendor}/${kind}/${name}` },
    { text: 'Change' },
  ]),
  page('/sources/$vendor/$kind/$name', SourcePage, ({ vendor = '', kind = '', name = '' }) => [
    { text: 'Sources', to: '/sources' },
    { text: `${vendor}/${kind} ${name}` },
  ]),
  page('/people', PeoplePage, () => [{ text: 'People' }]),
  page('/people/$id', PersonPage, ({ id = '' }) => [{ text: 'People', to: '/people' }, { text: id }]),
  page('/settings', settings.overview, () => [{ text: 'Settings' }]),
  page('/settings/account', settings.account, () => [SETTINGS, { text: 'Your account' }]),
  page('/settings/tokens', settings.tokens, () => [SETTINGS, { text: 'Tokens' }]),
  page('/settings/users', settings.users, () => [SETTINGS, { text: 'Users' }]),
  page('/settings/users/$id', settings.user, ({ id = '' }) => [SETTINGS, { text: 'Users', to: '/settings/users' }, { text: id }]),
  page('/settings/notifications', settings.notifications, () => [SETTINGS, { text: 'Notifications' }]),
  page('/settings/retention', settings.retention, () => [SETTINGS, { text: 'Retention' }]),
  page('/settings/keys', settings.keys, () => [SETTINGS, { text: 'Keys' }]),
  page('/settings/log', settings.log, () => [SETTINGS, { text: 'Log health' }]),
  page('/settings/trail', settings.trail, () => [SETTINGS, { text: 'Audit trail' }]),
  page('/families/$family', FamilyPage, ({ family = '' }) => [{ text: FAMILIES.find(({ id }) => id === family)?.title ?? family }]),
  page('/alerts', AlertsPage, () => [{ text: 'Alerts' }]),
  page('/alerts/$id', AlertPage, ({ id = '' }) => [{ text: 'Alerts', to: '/alerts' }, { text: id }]),
  page('/reports', ReportsPage, () => [{ text: 'Reports' }]),
  page('/jobs', JobsPage, () => [{ text: 'Jobs' }]),
] as const;

export const router = createRouter({ routeTree: root.addChildren(routes), defaultPreload: 'intent', scrollRestoration: true });

function Missing() {
  return (
    <div className="refused">
      <h1>Nothing is at this address.</h1>
      <p className="sub">The address may be old, or of another workspace. Ctrl K finds controls, people and records by name.</p>
    </div>
  );
}

function Broken({ error, reset }: ErrorComponentProps) {
  const says = error instanceof Error ? error.message : String(error);
  return (
    <div className="refused" role="alert">
      <h1>This page broke.</h1>
      <p className="sub">{says}</p>
      <p className="sub">No evidence is lost: the page only reads. The command line says the same: npx tickmark status.</p>
      <button type="button" className="btn" onClick={reset}>
        Try again
      </button>
    </div>
  );
}
