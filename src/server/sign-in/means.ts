import type { Workspace } from '../../app/views.ts';
import type { Means } from '../../auth/means.ts';
import { COST } from '../../auth/password.ts';

/** Sign-in to a workspace, served at an address; where it is not served, no provider is spoken with. */
export function signInMeans(workspace: Workspace, url: (() => string) | null, cost = COST): Means {
  const { signIn } = workspace;
  return {
    db: signIn.db,
    record: (acts) => workspace.recordActs(acts),
    clock: workspace.now,
    settings: signIn.settings({ providers: url !== null }),
    url: url ?? (() => 'http://127.0.0.1'),
    company: workspace.company,
    demo: workspace.demo,
    secrets: {
      wrap: (what, secret) => signIn.secrets().wrap(what, secret),
      unwrap: (what, wrapped) => signIn.secrets().unwrap(what, wrapped),
    },
    cost,
  };
}
