import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { oktaApplications } from '../../src/collectors/okta/applications.ts';
import type { Wire } from '../../src/sources/wire.ts';
import { missing } from '../postgres.ts';
import { at, recorded } from '../recorded.ts';
import { publishedPackage } from './published.ts';
import { runOnce } from './run-once.ts';

// Okta's own client, newer than its description on npm: the shapes that it reads, and the addresses that it asks.
const PACKAGE = '@okta/okta-sdk-nodejs@8.1.0';
const INTEGRITY = 'FB/35BSbspvfgHo9YYU6oK99z3CJVgUI0SOFDIQMJUpADMMMvwuuqIr+fFyzmK1d7omqewuIL0oPmcDIBs2WFw==';

const dir = mkdtempSync(join(tmpdir(), 'okta-client-'));
afterAll(() => rmSync(dir, { recursive: true }));
const client = publishedPackage(PACKAGE, INTEGRITY, join(dir, 'package'));
const absent = client === null && missing(PACKAGE, 'A registry of npm must be reachable.');
const load = createRequire(import.meta.url);

interface Attribute {
  readonly baseName: string;
  readonly type: string;
}

/** What is wrong with a value, by the client's own class for it. What is null is not told. */
function misfits(type: string, value: unknown, path: string): readonly string[] {
  if (value === null || value === undefined || type === 'any' || type.startsWith('{')) return [];
  const list = /^Array<(.*)>$/.exec(type)?.[1];
  if (list !== undefined) return Array.isArray(value) ? value.flatMap((it) => misfits(list, it, `${path}[]`)) : [`${path} is no list`];
  if (type === 'Date') return typeof value === 'string' && !Number.isNaN(Date.parse(value)) ? [] : [`${path} is no instant`];
  if (['string', 'number', 'boolean'].includes(type)) return typeof value === type ? [] : [`${path} is no ${type}`];
  const values = valuesOf(type);
  if (values !== null) return values.includes(String(value)) ? [] : [`${path} cannot be ${String(value)}`];
  const attributes = classOf(type);
  return Object.entries(value).flatMap(([name, inner]) => {
    const known = attributes.findLast(({ baseName }) => baseName === name);
    return known ? misfits(known.type, inner, `${path}.${name}`) : [`${path}.${name} is unknown`];
  });
}

const classOf = (type: string): readonly Attribute[] => {
  const module = load(join(client ?? '', `src/generated/models/${type}.js`)) as Readonly<Record<string, { getAttributeTypeMap(): readonly Attribute[] }>>;
  return module[type]?.getAttributeTypeMap() ?? [];
};

/** The values that an enumeration allows; `null` of what is none. */
function valuesOf(type: string): readonly string[] | null {
  // One of a single class stands beside it, and is called after it: ApplicationFeaturesEnum beside Application.
  const homes = type.endsWith('Enum') ? Array.from({ length: type.length }, (_, place) => type.slice(0, type.length - place)) : [type];
  for (const home of homes) {
    const file = join(client ?? '', `src/types/generated/models/${home}.d.ts`);
    const union = existsSync(file) ? new RegExp(`export (?:declare )?type ${type} = ([^;]*);`).exec(readFileSync(file, 'utf8'))?.[1] : undefined;
    if (union !== undefined) return [...union.matchAll(/'([^']*)'/g)].map(([, value = '']) => value);
  }
  return null;
}

/** The class that the client has for the answer to a request, by its path; an application by how people get in. */
function typeOf(pathname: string, value: unknown): string {
  const kind = String((value as { readonly type?: string }).type);
  const mode = String((value as { readonly signOnMode?: string }).signOnMode);
  const types: readonly (readonly [RegExp, string])[] = [
    [/^\/\.well-known\/okta-organization$/, 'WellKnownOrgMetadata'],
    [/\/groups\/rules$/, 'GroupRule'],
    [/\/groups$/, /\/apps\//.test(pathname) ? 'ApplicationGroupAssignment' : 'Group'],
    [/\/iam\/roles$/, 'IamRoles'],
    [/\/permissions$/, 'Permissions'],
    [/\/roles$/, kind === 'CUSTOM' ? 'CustomRole' : 'StandardRole'],
    [/\/apps$/, { SAML_2_0: 'SamlApplication', OPENID_CONNECT: 'OpenIdConnectApplication' }[mode] ?? 'BrowserPluginApplication'],
    [/\/apps\/[^/]+\/users$/, 'AppUser'],
    [/\/policies$/, kind === 'ACCESS_POLICY' ? 'AccessPolicy' : 'OktaSignOnPolicy'],
    [/\/rules$/, kind === 'ACCESS_POLICY' ? 'AccessPolicyRule' : 'OktaSignOnPolicyRule'],
  ];
  return types.find(([path]) => path.test(pathname))?.[1] ?? '';
}

describe.skipIf(absent)('Okta, by its own client', () => {
  /** Every answer about access, with where it was asked. */
  async function answers() {
    const { wire } = recorded(oktaApplications, { org: 'acme.okta.com' }, 'acme.okta.com');
    const found: { readonly pathname: string; readonly body: unknown }[] = [];
    const watching: Wire = async (request) => {
      const answer = await wire(request);
      const { pathname } = new URL(request.url);
      const said = JSON.parse(new TextDecoder().decode(answer.body)) as unknown;
      for (const body of Array.isArray(said) ? said : [said]) found.push({ pathname, body });
      return answer;
    };
    await runOnce(oktaApplications, watching, { org: 'acme.okta.com' }, at, at);
    return found.filter(({ pathname, body }) => typeOf(pathname, body) !== '');
  }

  it('has every field that Acme’s tenant tells about access, each of its kind', async () => {
    const found = await answers();
    expect(new Set(found.map(({ pathname, body }) => typeOf(pathname, body)))).toEqual(
      new Set([
        'WellKnownOrgMetadata',
        'GroupRule',
        'ApplicationGroupAssignment',
        'Group',
        'IamRoles',
        'Permissions',
        'CustomRole',
        'StandardRole',
        'SamlApplication',
        'OpenIdConnectApplication',
        'BrowserPluginApplication',
        'AppUser',
        'AccessPolicy',
        'OktaSignOnPolicy',
        'AccessPolicyRule',
        'OktaSignOnPolicyRule',
      ]),
    );
    // The client misspells one field, and knows assurances by a class that it picks itself.
    expect([...new Set(found.flatMap(({ pathname, body }) => misfits(typeOf(pathname, body), body, typeOf(pathname, body))))].sort()).toEqual([
      'AccessPolicyRule.actions.appSignOn.verificationMethod.constraints is unknown',
      'AccessPolicyRule.actions.appSignOn.verificationMethod.factorMode is unknown',
      'AccessPolicyRule.actions.appSignOn.verificationMethod.reauthenticateIn is unknown',
      'Group._embedded.stats.hasAdminPrivilege is unknown',
    ]);
    const methods = found.flatMap(({ pathname, body }) =>
      typeOf(pathname, body) === 'AccessPolicyRule'
        ? [(body as { readonly actions: { readonly appSignOn: { readonly verificationMethod: unknown } } }).actions.appSignOn.verificationMethod]
        : [],
    );
    expect(methods.flatMap((method) => misfits('AssuranceMethod', method, 'method'))).toEqual([]);
  });

  it('asks where the younger of its addresses are asked', () => {
    const apis = ['CustomRoleApi', 'OrgSettingApi', 'RoleAssignmentApi', 'GroupApi', 'ApplicationApi'].map((name) =>
      readFileSync(join(client ?? '', `src/generated/apis/${name}.js`), 'utf8'),
    );
    for (const path of ['/api/v1/iam/roles', '/.well-known/okta-organization', '/api/v1/iam/assignees/users', '/api/v1/groups/{groupId}/roles'])
      expect(
        apis.some((text) => text.includes(`'${path}'`)),
        path,
      ).toBe(true);
  });

  it('objects to what it does not know', () => {
    expect(misfits('AppUser', { id: 1, status: 'LOUD', created: 'soon', journal: true }, 'user')).toEqual([
      'user.id is no string',
      'user.status cannot be LOUD',
      'user.created is no instant',
      'user.journal is unknown',
    ]);
  });
});
