import { type Kysely, sql } from 'kysely';

/**
 * Who may use Tickmark. It cannot be derived from the log: no rebuild touches it, and it belongs in backups. Whatever opens
 * something (a session, a token, a link, a pending step) lies here as its SHA-256 alone; what must be read again is wrapped.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  const text = (columns: string) => columns.replaceAll(/\btext\b/g, 'text collate "C"');
  const create = (table: string, columns: string) => sql.raw(`create table auth.${table} (${text(columns)})`).execute(db);
  await create(
    '"user"',
    `id text primary key, email text not null unique, name text not null, role text not null, bounds jsonb, active boolean not null,
     password text, password_at bigint, came_by text not null, user_name text unique, external_id text, scim jsonb,
     created_at bigint not null, changed_at bigint not null, version integer not null`,
  );
  await create(
    'factor',
    `id text primary key, user_id text not null references auth."user" on delete cascade, kind text not null, name text not null,
     secret bytea, credential text unique, data jsonb, step bigint not null, created_at bigint not null, used_at bigint`,
  );
  await create(
    'session',
    `id text primary key, digest bytea not null unique, user_id text not null references auth."user" on delete cascade, methods jsonb not null,
     strong boolean not null, created_at bigint not null, seen_at bigint not null, ends_at bigint not null, verified_at bigint not null,
     address text not null, agent text not null, record bigint not null`,
  );
  await create(
    'token',
    `id text primary key, digest bytea not null unique, kind text not null, name text not null, user_id text references auth."user" on delete cascade,
     role text not null, scopes jsonb, bounds jsonb, made_by text not null, created_at bigint not null, ends_at bigint, used_at bigint`,
  );
  await create(
    'link',
    `id text primary key, digest bytea not null unique, kind text not null, email text, name text, role text not null, bounds jsonb,
     made_by text not null, created_at bigint not null, ends_at bigint not null, used_at bigint`,
  );
  await create('pending', 'digest bytea primary key, purpose text not null, data jsonb not null, ends_at bigint not null');
  await create('attempt', 'key text primary key, count integer not null, since bigint not null, blocked_until bigint not null');
  await create('failure', 'account text not null, address text not null, count integer not null, since bigint not null, primary key (account, address)');
  await create(
    'identity',
    `provider text not null, subject text not null, user_id text not null references auth."user" on delete cascade, created_at bigint not null,
     primary key (provider, subject)`,
  );
  await create(
    '"group"',
    'id text primary key, name text not null unique, external_id text, created_at bigint not null, changed_at bigint not null, version integer not null',
  );
  await create(
    'member',
    `group_id text not null references auth."group" on delete cascade, user_id text not null references auth."user" on delete cascade,
     primary key (group_id, user_id)`,
  );
  for (const table of ['factor', 'session', 'token', 'identity', 'member'])
    await sql.raw(`create index ${table}_by_user on auth.${table} (user_id)`).execute(db);
}

export async function down(db: Kysely<unknown>): Promise<void> {
  for (const table of ['member', '"group"', 'identity', 'failure', 'attempt', 'pending', 'link', 'token', 'session', 'factor', '"user"'])
    await sql.raw(`drop table auth.${table}`).execute(db);
}
