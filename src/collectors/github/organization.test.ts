import { expect, it } from 'vitest';
import { runOnce } from '../../../test/peers/run-once.ts';
import { at, recorded } from '../../../test/recorded.ts';
import type { Wire } from '../../sources/wire.ts';
import { githubOrganization } from './organization.ts';

const acme = recorded(githubOrganization, { org: 'acme' }, 'acme');

/** Acme, which answers somebody who is no owner: it leaves the requirement out, and lists nobody without a second factor. */
const wire: Wire = async (request) => {
  const answer = await acme.wire(request);
  if (new URL(request.url).pathname !== '/orgs/acme') return answer;
  const told: Record<string, unknown> = JSON.parse(new TextDecoder().decode(answer.body));
  delete told.two_factor_requirement_enabled;
  return { ...answer, body: new TextEncoder().encode(JSON.stringify(told)) };
};

it('trap 8: takes nobody to have a second factor on the word of a credential that is no owner’s', async () => {
  await expect(runOnce(githubOrganization, acme.wire, { org: 'acme' }, at, 0)).resolves.toBeDefined();
  await expect(runOnce(githubOrganization, wire, { org: 'acme' }, at, 0)).rejects.toThrow('the token is not an owner’s');
});
