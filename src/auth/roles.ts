import type { Period } from '../core/interval.ts';
import type { Vouched } from '../core/vouched.ts';

/** What somebody may do. Every endpoint names one of these; there is no other way in. */
export const PERMISSIONS = [
  'posture.read', // statuses, controls, criteria, periods, populations
  'findings.read',
  'findings.act', // assign, comment; a waiver is a statement and needs `statements.make`
  'evidence.read', // records, artifacts, proofs
  'people.read', // persons, their accounts and access
  'sources.read',
  'sources.write', // connect, test, change and retire sources
  'collect.run',
  'statements.read',
  'statements.make',
  'statements.approve', // and take back or correct what others stated
  'reports.read',
  'bundle.export',
  'alerts.read',
  'alerts.act', // acknowledge, note, resolve
  'alerts.configure',
  'jobs.read',
  'jobs.act', // run now, retry, pause
  'users.read',
  'users.write',
  'tokens.write', // of others; of one's own everybody has them
  'settings.read',
  'settings.write',
  'trail.read', // who did what in Tickmark
  'views.share', // show how one looks at a page to everybody
  'self', // one's own session, factors and tokens
] as const;
export type Permission = (typeof PERMISSIONS)[number];

export const ROLES = ['admin', 'manager', 'member', 'auditor'] as const;
export type Role = (typeof ROLES)[number];

const READ = [
  'posture.read',
  'findings.read',
  'evidence.read',
  'people.read',
  'sources.read',
  'statements.read',
  'reports.read',
  'alerts.read',
  'self',
] as const satisfies readonly Permission[];

/** What each role may do. An admin runs Tickmark, a manager the programmes, a member does their own tasks, an auditor reads. */
export const GRANTS: Readonly<Record<Role, readonly Permission[]>> = {
  admin: PERMISSIONS,
  manager: [
    ...READ,
    'findings.act',
    'sources.write',
    'collect.run',
    'statements.make',
    'statements.approve',
    'bundle.export',
    'alerts.act',
    'alerts.configure',
    'jobs.read',
    'jobs.act',
    'users.read',
    'settings.read',
    'trail.read',
    'views.share',
  ],
  member: ['posture.read', 'findings.read', 'findings.act', 'sources.read', 'statements.read', 'statements.make', 'alerts.read', 'alerts.act', 'self'],
  auditor: [...READ, 'bundle.export', 'jobs.read', 'settings.read', 'trail.read'],
};

/** Who asks. */
export interface Principal {
  /** Of a token the user it belongs to, or itself where it belongs to none. */
  readonly id: string;
  readonly kind: 'user' | 'token';
  /** How the audit trail names them: an address, or `token NAME`. */
  readonly name: string;
  /** Lower case; `null` of a token that belongs to no user. */
  readonly email: string | null;
  readonly role: Role;
  /** What a token was limited to; `null`: all that the role may. */
  readonly scopes: readonly Permission[] | null;
  /** The period and controls an auditor's view is bounded to; `null`: everything. */
  readonly bounds: { readonly period: Period | null; readonly controls: readonly string[] | null } | null;
  /** Whether the session was opened with a second factor, a passkey or a single sign-on that vouches for one. */
  readonly strong: boolean;
  /** What the server says of them where they state something; `null` of a token that belongs to no user. */
  readonly vouched: Vouched | null;
}

/** Denied unless the role grants it and the token's scopes do not leave it out. */
export const may = ({ role, scopes }: Pick<Principal, 'role' | 'scopes'>, permission: Permission): boolean =>
  GRANTS[role].includes(permission) && (scopes === null || scopes.includes(permission));
