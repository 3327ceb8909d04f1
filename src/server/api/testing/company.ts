import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Hono } from 'hono';
import { openWorkspace, type OpenOptions } from '../../../app/open.ts';
import type { Workspace } from '../../../app/views.ts';
import type { Means } from '../../../auth/means.ts';
import { type Principal, PERMISSIONS, type Role } from '../../../auth/roles.ts';
import { ConfigurationError } from '../../../core/error.ts';
import { hours, type Instant, instant, iso } from '../../../core/instant.ts';
import { signInMeans } from '../../sign-in/means.ts';
import { api } from '../api.ts';
import { hub, type Hub } from '../hub.ts';

export const START = instant('2026-03-02T09:00:00Z');

const PEOPLE =
  'employee_id,name,employment_type,email,start_date,end_date\n' +
  'W-1,Maria Lopez,employee,maria.lopez@acme.example,2020-01-01,\n' +
  'W-2,Ines Duarte,employee,ines.duarte@acme.example,2020-01-01,\n' +
  'W-3,Otto Berg,contractor,otto.berg@acme.example,2026-01-12,2026-02-20\n';

/** A company of three with its API, small enough to be opened by a test: HR by a file, all else stated. */
export interface Company {
  readonly workspace: Workspace;
  readonly app: Hono;
  readonly hub: Hub;
  readonly signIn: Means;
  readonly failures: { readonly error: unknown; readonly instance: string }[];
  /** Moves its clock. */
  pass(milliseconds: number): Instant;
  /** Asks as the principal set by {@link as}. */
  ask(path: string, init?: RequestInit): Promise<Response>;
  /** Who asks from now on. */
  as(principal: Principal | null): void;
  close(): Promise<void>;
}

interface Given extends Pick<OpenOptions, 'wire' | 'trial' | 'env'> {
  /** As HR exports them. */
  readonly people?: string;
  /** Kinds that people state besides. */
  readonly attested?: readonly string[];
  /** Further sources, as lines of the file. */
  readonly more?: string;
  /** Lays files into its folder before it is opened. */
  readonly prepare?: (dir: string) => void;
}

/** A small company that is really there. */
export async function company({ people = PEOPLE, attested = [], more = '', prepare = () => undefined, ...over }: Given = {}): Promise<Company> {
  const dir = mkdtempSync(join(tmpdir(), 'api-'));
  let now = START;
  let who: Principal | null = principal('admin');
  writeFileSync(join(dir, 'people.csv'), `# generated ${iso(now - hours(1))}\n${people}`);
  writeFileSync(
    join(dir, 'tickmark.yaml'),
    'company: Acme\ntimezone: Europe/Berlin\nperiod: { from: 2026-01-01, to: 2027-01-01 }\nattested: [' +
      `${['training-completions', 'access-requests', ...attested].join(', ')}]\n` +
      `sources:\n  - { collector: hr/csv, name: people, config: { path: people.csv } }\n${more}`,
  );
  prepare(dir);
  const workspace = await openWorkspace({ dir, clock: () => now, env: {}, ...over });
  await workspace.collect();
  const failures: Company['failures'] = [];
  const its = hub('test');
  const signIn = signInMeans(workspace, () => 'http://127.0.0.1:7400', 4);
  const app = api({
    services: {
      workspace,
      hub: its,
      signIn,
      failed: (error, instance) => void failures.push({ error, instance }),
    },
    principalOf: async () => who,
  });
  return {
    workspace,
    app,
    hub: its,
    signIn,
    failures,
    pass: (milliseconds) => (now += milliseconds),
    ask: async (path, init = {}) => app.request(`http://127.0.0.1:7400/api${path}`, init),
    as: (principal) => {
      who = principal;
    },
    async close() {
      await workspace.close();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

export const principal = (role: Role, over: Partial<Principal> = {}): Principal => ({
  id: `u-${role}`,
  kind: 'token',
  name: `${role}@acme.example`,
  email: `${role}@acme.example`,
  role,
  scopes: null,
  bounds: null,
  strong: true,
  vouched: null,
  ...over,
});

/** A token with every scope but one. */
export const without = (permission: (typeof PERMISSIONS)[number]): Principal => principal('admin', { scopes: PERMISSIONS.filter((it) => it !== permission) });

/** What a workspace holds that is asked by a word of its own. */
const ROOMS = ['alerts', 'connecting', 'savedViews', 'standing'];

/** An API before a workspace that answers nothing but that it was reached: for what is refused before. */
export function reached(): Pick<Company, 'app' | 'hub' | 'ask' | 'as'> {
  let who: Principal | null = null;
  const answer = () => {
    throw new ConfigurationError('the workspace was reached');
  };
  const workspace = new Proxy({} as Workspace, {
    get: (_, name) => (name === 'now' ? () => START : ROOMS.includes(String(name)) ? new Proxy({}, { get: () => answer }) : answer),
  });
  const its = hub('test');
  const app = api({
    services: { workspace, hub: its, signIn: new Proxy({} as Means, { get: () => answer }), failed: answer },
    principalOf: async () => who,
  });
  return {
    app,
    hub: its,
    ask: async (path, init = {}) => app.request(`http://127.0.0.1:7400/api${path}`, init),
    as: (principal) => {
      who = principal;
    },
  };
}
