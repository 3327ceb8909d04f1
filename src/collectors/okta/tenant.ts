import { z } from 'zod';
import { IncompleteError } from '../../core/error.ts';
import { pagesOf, parse, read, textOf } from '../answers.ts';
import type { Artifact, HttpSource, Witness } from '../source.ts';

/** Which tenant is asked, and what the workspace calls it. */
export const OktaConfig = z.strictObject({
  org: z
    .string()
    .regex(/^[a-z0-9.-]+\.[a-z]+$/i, 'expected a host name, like acme.okta.com')
    .describe('Host name of the tenant, without "-admin"'),
  system: z.string().min(1).default('okta').describe('Id of the system in the scope'),
});
export type OktaConfig = z.infer<typeof OktaConfig>;

const Tenant = z.object({ id: z.string(), subdomain: z.string() });
const Caller = z.object({ id: z.string().min(1), profile: z.object({ login: z.string().min(1) }) });
/** A service application is no user: Okta finds none to tell of. */
const SERVICE = [{ status: 404, says: 'E0000007' }];

export const headersOf = ({ token }: Readonly<Record<string, string>>) => ({
  accept: 'application/json',
  authorization: `SSWS ${token ?? ''}`,
  'user-agent': 'tickmark',
});

/** Asks who asks, and who answers: the tenant that was meant, or the run is incomplete. */
export async function* introductions(source: HttpSource, { org }: OktaConfig) {
  yield await source.get('caller', '/api/v1/users/me', { facts: SERVICE });
  const tenant = await source.get('tenant', '/api/v1/org');
  yield tenant;
  const { subdomain } = parse(tenant, Tenant);
  if (subdomain.toLowerCase() !== org.split('.')[0]?.toLowerCase()) throw new IncompleteError(`the tenant ${subdomain} answered for ${org}`);
}

export function callerIn(artifacts: readonly Artifact[]): z.infer<typeof Caller> | null {
  const [answer] = pagesOf(artifacts, 'caller');
  return answer?.status === 200 ? parse(answer, Caller) : null;
}

export const introduced = (artifacts: readonly Artifact[]): Pick<Witness, 'askedAs' | 'answeredBy'> => ({
  askedAs: callerIn(artifacts)?.profile.login ?? 'a service application',
  answeredBy: read(artifacts, 'tenant', Tenant).id,
});

/** A credential that may change applications is shown their secrets: such an answer is not kept. */
export function refuseSecrets(page: Artifact): void {
  if (/"client_secret"\s*:\s*"/.test(textOf(page)))
    throw new IncompleteError(
      `"${page.name}" shows secrets of applications, which only a credential that may change them is shown: use one of a read-only administrator. The answer is not kept`,
    );
}
