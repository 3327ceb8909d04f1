import { z } from 'zod';

const name = z.string().min(1);
const id = z.string().regex(/^[a-z0-9][a-z0-9-]*$/, 'expected lower-case letters, digits and hyphens');
const address = z.string().regex(/^https?:\/\/\S+$/, 'expected an address, like https://sso.acme.example');
const reference = z
  .string()
  .regex(/^(env:[A-Za-z_][A-Za-z0-9_]*|file:.+)$/, 'expected a reference: env:NAME or file:PATH. A secret itself must not stand in this file');
const role = z.enum(['admin', 'manager', 'member', 'auditor']);
const hours = (most: number, usual: number) => z.int().min(1).max(most).default(usual);

const provider = {
  id: id.describe('Your own name for it; it is part of the addresses that the provider must know'),
  title: name.describe('What the button says: "Sign in with TITLE"'),
  vouches: z.boolean().default(false).describe('It lets nobody in without a second factor, by your word. Unless said, it must say so of each sign-in'),
  newcomers: role.optional().describe('Role of whoever it knows and Tickmark does not. Unless said, they are not let in'),
  domains: z.array(name).default([]).describe('Only addresses of these domains are taken from it'),
};

/** `signIn` of `tickmark.yaml`: how people sign in to Tickmark. */
export const SignIn = z
  .strictObject({
    secondFactor: z.enum(['required', 'optional']).default('optional').describe('Whether a password alone opens anything but the page to add a second factor'),
    idleHours: hours(24 * 30, 12).describe('A session ends when it was not used for so long'),
    lastsHours: hours(24 * 90, 24 * 7).describe('and in any case after so long'),
    proxies: z.int().min(0).max(5).default(0).describe('How many proxies stand before the server and append to X-Forwarded-For'),
    groups: z.record(name, role).default({}).describe('Groups of the identity provider (SCIM) and the role that each gives; the strongest counts'),
    oidc: z
      .array(
        z.strictObject({
          ...provider,
          issuer: address.describe('Its name, below which "/.well-known/openid-configuration" is read'),
          clientId: name,
          clientSecret: reference,
          trustsAddresses: z.boolean().default(false).describe('It sends no "email_verified", and its addresses are true all the same, by your word'),
        }),
      )
      .default([])
      .describe('Identity providers that speak OpenID Connect. They come back to URL/sign-in/oidc/ID/callback'),
    saml: z
      .array(
        z.strictObject({
          ...provider,
          issuer: name.describe('Its entity id'),
          entryPoint: address.describe('Where the browser is sent (HTTP-Redirect)'),
          certificate: name.describe('A PEM file with the certificates that it signs with, below this folder'),
        }),
      )
      .default([])
      .describe('Identity providers that speak SAML 2.0. Metadata for them: URL/sign-in/saml/ID'),
  })
  .superRefine(({ oidc, saml }, context) => {
    const ids = [...oidc, ...saml].map((its) => its.id);
    const twice = ids.find((its, place) => ids.indexOf(its) < place);
    if (twice !== undefined) context.addIssue({ code: 'custom', path: [], message: `two providers are called ${twice}. Give each an id of its own` });
  })
  .prefault({})
  .describe('How people sign in to Tickmark');
