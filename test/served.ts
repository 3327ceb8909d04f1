import type { Hono } from 'hono';
import type { Workspace } from '../src/app/views.ts';
import type { Principal } from '../src/auth/roles.ts';
import { api } from '../src/server/api/api.ts';
import { type Hub, hub } from '../src/server/api/hub.ts';
import { dashboard } from '../src/server/dashboard.ts';
import { listen, site } from '../src/server/server.ts';
import { signInMeans } from '../src/server/sign-in/means.ts';

/** A workspace with its API and its dashboard, asked by an admin who has come in already. */
export interface Served extends Pick<Hub, 'tell'> {
  readonly url: string;
  close(): Promise<void>;
}

const OWNER: Principal = {
  id: 'u-owner',
  kind: 'user',
  name: 'owner@acme.example',
  email: 'owner@acme.example',
  role: 'admin',
  scopes: null,
  bounds: null,
  strong: true,
  vouched: null,
};

/** The API alone, asked without a network. */
export function apiFor(workspace: Workspace): { readonly app: Hono; readonly hub: Hub } {
  const its = hub();
  const signIn = signInMeans(workspace, () => 'http://127.0.0.1');
  const failed = (error: unknown, instance: string) => process.stderr.write(`${instance}: ${error instanceof Error ? error.stack : String(error)}\n`);
  return { app: api({ services: { workspace, hub: its, signIn, failed }, principalOf: async () => OWNER }), hub: its };
}

export async function servedFor(workspace: Workspace): Promise<Served> {
  const { app, hub: its } = apiFor(workspace);
  const server = await listen(site({ api: app, dashboard: dashboard() }), 0);
  return { ...server, tell: its.tell };
}
