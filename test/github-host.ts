import { hostAnswer } from '../src/acme/github-host.ts';
import { existing, type Host } from '../src/acme/github-model.ts';
import type { Instant } from '../src/core/instant.ts';
import type { Wire } from '../src/sources/wire.ts';

const answer = (status: number, body: unknown) => ({
  status,
  headers: { 'content-type': 'application/json' },
  body: new TextEncoder().encode(JSON.stringify(body)),
});

/** GitHub as it answers about changes at an instant, the organization itself included. */
export function hostWire(host: Host, at: Instant): Wire {
  return async (request) => {
    const { pathname } = new URL(request.url);
    const count = existing(host, at).length;
    if (pathname === `/orgs/${host.org}`) return answer(200, { login: host.org, id: host.id, public_repos: 0, total_private_repos: count });
    return hostAnswer(host, at, request) ?? answer(404, { message: 'Not Found' });
  };
}
