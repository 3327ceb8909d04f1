import { accountRoutes } from './account.ts';
import { findingActRoutes } from './acts.ts';
import { alertRoutes } from './alerts.ts';
import { catalogRoutes } from './catalog.ts';
import { companyRoutes } from './companies.ts';
import { connectRoutes } from './connect.ts';
import { chartRoutes } from './charts.ts';
import { controlRoutes } from './controls.ts';
import { eventRoutes } from './events.ts';
import { familyRoutes } from './families.ts';
import { findingRoutes } from './findings.ts';
import { jobRoutes } from './jobs.ts';
import { keepingRoutes } from './keeping.ts';
import { logRoutes } from './log.ts';
import { peopleRoutes } from './people.ts';
import { postureRoutes } from './posture.ts';
import { recordRoutes } from './records.ts';
import { reportRoutes } from './reports.ts';
import { searchRoutes } from './search.ts';
import { settingsRoutes } from './settings.ts';
import { sourceRoutes } from './sources.ts';
import { statementRoutes } from './statements.ts';
import { trailRoutes } from './trail.ts';
import { taskRoutes } from './tasks.ts';
import { userRoutes } from './users.ts';
import { viewRoutes } from './views.ts';

/** What answers each endpoint of the contract. */
export const routes = {
  posture: postureRoutes,
  controls: controlRoutes,
  findings: findingRoutes,
  findingActs: findingActRoutes,
  records: recordRoutes,
  log: logRoutes,
  sources: sourceRoutes,
  people: peopleRoutes,
  families: familyRoutes,
  statements: statementRoutes,
  catalog: catalogRoutes,
  reports: reportRoutes,
  jobs: jobRoutes,
  search: searchRoutes,
  events: eventRoutes,
  users: userRoutes,
  account: accountRoutes,
  settings: settingsRoutes,
  keeping: keepingRoutes,
  trail: trailRoutes,
  tasks: taskRoutes,
  alerts: alertRoutes,
  connect: connectRoutes,
  companies: companyRoutes,
  charts: chartRoutes,
  views: viewRoutes,
};
