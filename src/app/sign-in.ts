import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Kysely } from 'kysely';
import { FILE_NAME, secret } from '../configuration/read.ts';
import type { File } from '../configuration/schema.ts';
import { ConfigurationError } from '../core/error.ts';
import { hours } from '../core/instant.ts';
import { type MasterKey, masterKey, readMasterKey } from '../evidence/master-key.ts';
import type { Database } from '../store/database.ts';
import type { Tables } from '../store/tables.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** What sign-in stands on: a part of the workspace's configuration, of its database and of its keys. */
export interface SignInGround {
  readonly db: () => Kysely<Tables>;
  /** Read when it is asked for: references to secrets may be missing where nobody signs in. Throws `ConfigurationError`. */
  readonly settings: (what: { readonly providers: boolean }) => ReturnType<typeof settingsOf>;
  readonly secrets: () => MasterKey;
}

export function signInGround(
  file: File['signIn'],
  {
    dir,
    state,
    env,
    database,
    demo,
  }: { readonly dir: string; readonly state: string; readonly env: Environment; readonly database: () => Database; readonly demo: boolean },
): SignInGround {
  const key = join(state, 'keys', 'sign-in.key');
  let secrets: MasterKey | null = null;
  return {
    db: () => database().sql,
    settings: ({ providers }) => settingsOf(providers ? file : { ...file, oidc: [], saml: [] }, { dir, env }),
    secrets() {
      // Several servers share the database, and the master key that they all have.
      secrets ??= database().kind === 'server' && !demo ? readMasterKey(env.TICKMARK_MASTER_KEY_FILE) : masterKey(keyAt(key));
      return secrets;
    },
  };
}

function settingsOf(file: File['signIn'], { dir, env }: { readonly dir: string; readonly env: Environment }) {
  const provider = <Its extends { readonly newcomers?: File['signIn']['groups'][string] | undefined }>(its: Its) => ({
    ...its,
    newcomers: its.newcomers ?? null,
  });
  return {
    secondFactor: file.secondFactor,
    idle: hours(file.idleHours),
    lasts: hours(file.lastsHours),
    proxies: file.proxies,
    groups: file.groups,
    oidc: file.oidc.map((its) => ({
      ...provider(its),
      clientSecret: secret(its.clientSecret, { place: FILE_NAME, whose: `signIn.oidc ${its.id}, clientSecret` }, dir, env),
    })),
    saml: file.saml.map((its) => ({ ...provider(its), certificates: certificatesIn(dir, its.certificate, its.id) })),
  };
}

function certificatesIn(dir: string, path: string, id: string): readonly string[] {
  const where = `${FILE_NAME}: signIn.saml ${id}: ${path}`;
  let text: string;
  try {
    text = readFileSync(join(dir, path), 'utf8');
  } catch (cause) {
    throw new ConfigurationError(`${where} cannot be read. Put the certificate that the identity provider signs with there, in PEM.`, cause);
  }
  const found = text.match(/-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g) ?? [];
  if (found.length === 0) throw new ConfigurationError(`${where} holds no certificate in PEM.`);
  return found;
}

/** 32 bytes, made where there are none. */
function keyAt(path: string): Buffer {
  if (!existsSync(path)) {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    try {
      writeFileSync(path, randomBytes(32), { mode: 0o600, flag: 'wx', flush: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error; // another process was faster
    }
  }
  const key = readFileSync(path);
  if (key.length !== 32)
    throw new ConfigurationError(`${path} is not a key of 32 bytes. Put it back from a backup: what the authenticators of users show is compared by it.`);
  return key;
}
