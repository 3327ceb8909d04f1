import { sql } from 'kysely';
import type { Instant } from '../core/instant.ts';
import type { Database } from './database.ts';

/** How somebody looks at a page. */
export interface ViewRow {
  readonly id: string;
  /** Id of whoever made it. */
  readonly owner: string;
  readonly ownerName: string;
  /** Everybody who may see the page sees it too. */
  readonly shared: boolean;
  /** Path of the page: `/families/access`. */
  readonly page: string;
  readonly name: string;
  /** The query of its address, without `?`. */
  readonly search: string;
  readonly createdAt: Instant;
  readonly changedAt: Instant;
}

export interface KeptViews {
  /** Those of an owner, and those that are shared; of one page, where asked. By name. */
  seenBy(owner: string, page: string | null): Promise<readonly ViewRow[]>;
  view(id: string): Promise<ViewRow | null>;
  countOf(owner: string): Promise<number>;
  /** Whether the owner has another one of this name for the page. */
  isTaken(row: Pick<ViewRow, 'id' | 'owner' | 'page' | 'name'>): Promise<boolean>;
  put(row: ViewRow): Promise<void>;
  remove(id: string): Promise<void>;
}

interface Row {
  readonly id: string;
  readonly owner: string;
  readonly owner_name: string;
  readonly shared: boolean;
  readonly page: string;
  readonly name: string;
  readonly search: string;
  readonly created_at: number;
  readonly changed_at: number;
}

export function keptViews(database: () => Pick<Database, 'sql'>): KeptViews {
  return {
    async seenBy(owner, page) {
      const { rows } =
        await sql<Row>`select * from views.view where (owner = ${owner} or shared) and (${page}::text is null or page = ${page}) order by name collate "C", id`.execute(
          database().sql,
        );
      return rows.map(viewOf);
    },

    async view(id) {
      const { rows } = await sql<Row>`select * from views.view where id = ${id}`.execute(database().sql);
      return rows[0] ? viewOf(rows[0]) : null;
    },

    async countOf(owner) {
      const { rows } = await sql<{ count: number }>`select count(*) as count from views.view where owner = ${owner}`.execute(database().sql);
      return rows[0]?.count ?? 0;
    },

    async isTaken({ id, owner, page, name }) {
      const { rows } = await sql`select from views.view where owner = ${owner} and page = ${page} and name = ${name} and id <> ${id}`.execute(database().sql);
      return rows.length > 0;
    },

    async put({ id, owner, ownerName, shared, page, name, search, createdAt, changedAt }) {
      await sql`insert into views.view (id, owner, owner_name, shared, page, name, search, created_at, changed_at)
        values (${id}, ${owner}, ${ownerName}, ${shared}, ${page}, ${name}, ${search}, ${createdAt}, ${changedAt})
        on conflict (id) do update set shared = excluded.shared, name = excluded.name, search = excluded.search, changed_at = excluded.changed_at`.execute(
        database().sql,
      );
    },

    async remove(id) {
      await sql`delete from views.view where id = ${id}`.execute(database().sql);
    },
  };
}

const viewOf = ({ owner_name, created_at, changed_at, ...row }: Row): ViewRow => ({
  ...row,
  ownerName: owner_name,
  createdAt: created_at,
  changedAt: changed_at,
});
