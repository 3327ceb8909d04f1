import { account } from './account.ts';
import { findingActs } from './acts.ts';
import { alerts } from './alerts.ts';
import { catalog } from './catalog.ts';
import { companies } from './companies.ts';
import { connect } from './connect.ts';
import { charts } from './charts.ts';
import { controls } from './controls.ts';
import { events } from './events.ts';
import { families } from './families.ts';
import { findings } from './findings.ts';
import { jobs } from './jobs.ts';
import { log } from './log.ts';
import { keeping } from './keeping.ts';
import { people } from './people.ts';
import { posture } from './posture.ts';
import { records } from './records.ts';
import { reports } from './reports.ts';
import { search } from './search.ts';
import { settings } from './settings.ts';
import { sources } from './sources.ts';
import { statements } from './statements.ts';
import { trail } from './trail.ts';
import { tasks } from './tasks.ts';
import { users } from './users.ts';
import { views } from './views.ts';

/** Every endpoint, by resource. A test walks it: each has a permission, each is served as its permission says. */
export const contract = {
  posture,
  controls,
  findings,
  findingActs,
  records,
  log,
  sources,
  people,
  families,
  statements,
  catalog,
  reports,
  jobs,
  search,
  events,
  users,
  account,
  settings,
  keeping,
  trail,
  tasks,
  alerts,
  connect,
  companies,
  charts,
  views,
};
