import { z } from 'zod';
import { type Token, tokens } from '../../datasets/iam/tokens.ts';
import { parse, read, readAll, when } from '../answers.ts';
import { defineCollector, table } from '../collector.ts';
import { Account, CALLER_FACTS, callerOf, GITHUB, GithubConfig, Organization, path } from './answers.ts';
import { refuseAnother } from './overview.ts';

const TokensConfig = z.strictObject({
  ...GithubConfig,
  singleSignOn: z
    .boolean()
    .default(false)
    .describe('People sign in to the organization by SAML: then classic tokens and keys have to be allowed in one by one, and GitHub lists them'),
});
type TokensConfig = z.infer<typeof TokensConfig>;

const FineGrained = z.object({
  id: z.int(),
  owner: Account,
  access_granted_at: z.iso.datetime({ offset: true }),
  token_name: z.string().nullish(),
  token_expires_at: when,
});
const Credential = z.object({
  login: z.string().min(1),
  credential_id: z.int(),
  credential_type: z.string(),
  credential_authorized_at: z.iso.datetime({ offset: true }),
  authorized_credential_note: z.string().nullish(),
  authorized_credential_title: z.string().nullish(),
  authorized_credential_expires_at: z.string().nullish(),
});

export const githubTokens = defineCollector<TokensConfig, 'http'>({
  id: 'github/tokens',
  title: 'Personal tokens that may reach a GitHub organization: whose they are, since when, and when they end',
  version: 1,
  ...GITHUB,
  permissions: [
    { right: 'be an app that is installed in the organization', why: 'GitHub lists fine-grained tokens to apps only' },
    { right: 'Organization permissions: Personal access tokens, read', why: 'fine-grained tokens that were allowed in' },
    { right: 'Organization permissions: Administration, read (with singleSignOn)', why: 'classic tokens and keys that were allowed in' },
  ],
  credentials: { token: 'a token of an installation of that app' },
  every: '1d',
  config: TokensConfig,
  feeds: [tokens],
  cannotTell: [
    'classic tokens and SSH keys of an organization without SAML single sign-on: GitHub lists none, so forbid classic tokens in its settings',
    'when a token was made, only when it was allowed in',
    'tokens that only reach what is public',
    'who asked, where it was an installed app',
  ],
  partitions: ({ org }) => [org],

  async *collect(source, { config: { org, singleSignOn } }) {
    yield await source.get('caller', '/user', { facts: CALLER_FACTS });
    const organization = await source.get('organization', `/orgs/${path(org)}`);
    yield organization;
    refuseAnother(org, parse(organization, Organization).login);
    yield* source.pages('tokens', `/orgs/${path(org)}/personal-access-tokens?per_page=100`);
    if (singleSignOn) yield* source.pages('credentials', `/orgs/${path(org)}/credential-authorizations?per_page=100`);
  },

  witness(artifacts) {
    return { ...callerOf(artifacts), answeredBy: String(read(artifacts, 'organization', Organization).id), totals: {} };
  },

  normalize(artifacts, { config: { system, singleSignOn } }) {
    const fine = readAll(artifacts, 'tokens', FineGrained).map((token) => fineGrained(token, system));
    const others = singleSignOn ? readAll(artifacts, 'credentials', Credential).map((credential) => classic(credential, system)) : [];
    return [table(tokens, [...fine, ...others])];
  },
});

const fineGrained = ({ id, owner, access_granted_at, token_name, token_expires_at: expiresAt }: z.infer<typeof FineGrained>, systemId: string): Token => ({
  systemId,
  tokenId: `fine-grained ${id}`,
  kind: 'personal',
  name: token_name || null,
  userId: String(owner.id),
  login: owner.login,
  allowedAt: Date.parse(access_granted_at),
  ends: expiresAt === null ? 'no' : 'yes',
  expiresAt,
});

const KINDS: Readonly<Record<string, Token['kind']>> = {
  'personal access token': 'personal',
  'OAuth app token': 'app',
  'GitHub app token': 'app',
  'SSH key': 'ssh-key',
};

/** GitHub leaves out the end of a credential of whose end it does not know. */
function classic(credential: z.infer<typeof Credential>, systemId: string): Token {
  const { login, credential_id, credential_type, credential_authorized_at, authorized_credential_expires_at: expires } = credential;
  return {
    systemId,
    tokenId: `credential ${credential_id}`,
    kind: KINDS[credential_type] ?? 'unknown',
    name: credential.authorized_credential_note || credential.authorized_credential_title || null,
    userId: null,
    login,
    allowedAt: Date.parse(credential_authorized_at),
    ends: expires === undefined ? 'unknown' : expires === null ? 'no' : 'yes',
    expiresAt: when.parse(expires),
  };
}
