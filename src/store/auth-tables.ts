/** The tables of the schema `auth`. Instants are milliseconds. What is JSON is handed in as text and comes back read. */
export interface AuthTables {
  'auth.user': UserTable;
  'auth.factor': FactorTable;
  'auth.session': SessionTable;
  'auth.token': TokenTable;
  'auth.link': LinkTable;
  'auth.pending': { digest: Buffer; purpose: string; data: unknown; ends_at: number };
  'auth.attempt': { key: string; count: number; since: number; blocked_until: number };
  'auth.failure': { account: string; address: string; count: number; since: number };
  'auth.identity': { provider: string; subject: string; user_id: string; created_at: number };
  'auth.group': { id: string; name: string; external_id: string | null; created_at: number; changed_at: number; version: number };
  'auth.member': { group_id: string; user_id: string };
}

export interface UserTable {
  id: string;
  /** Lower case. */
  email: string;
  name: string;
  role: string;
  bounds: unknown;
  active: boolean;
  /** How it was hashed, with which salt, and the hash; `null` of who has no password. */
  password: string | null;
  password_at: number | null;
  /** `owner`, `demo`, `invitation`, `scim`, `command` or `sso`. */
  came_by: string;
  /** As the identity provider writes them over SCIM. */
  user_name: string | null;
  external_id: string | null;
  scim: unknown;
  created_at: number;
  changed_at: number;
  version: number;
}

export interface FactorTable {
  id: string;
  user_id: string;
  kind: string;
  name: string;
  /** Of `totp`, wrapped; of `recovery`, the SHA-256 of the code. */
  secret: Buffer | null;
  /** Of `passkey`: its id, by which it is found. */
  credential: string | null;
  data: unknown;
  /** Of `totp` the newest step that was used, of `passkey` the counter. */
  step: number;
  created_at: number;
  used_at: number | null;
}

export interface SessionTable {
  id: string;
  digest: Buffer;
  user_id: string;
  methods: unknown;
  strong: boolean;
  created_at: number;
  seen_at: number;
  ends_at: number;
  /** When its holder last showed who they are. */
  verified_at: number;
  address: string;
  agent: string;
  /** The record of the sign-in. */
  record: number;
}

export interface TokenTable {
  id: string;
  digest: Buffer;
  /** `api` or `scim`. */
  kind: string;
  name: string;
  user_id: string | null;
  role: string;
  scopes: unknown;
  bounds: unknown;
  made_by: string;
  created_at: number;
  ends_at: number | null;
  used_at: number | null;
}

export interface LinkTable {
  id: string;
  digest: Buffer;
  /** `owner`, `demo`, `invitation` or `reset`. */
  kind: string;
  email: string | null;
  name: string | null;
  role: string;
  bounds: unknown;
  made_by: string;
  created_at: number;
  ends_at: number;
  used_at: number | null;
}
