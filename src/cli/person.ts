import { readFileSync } from 'node:fs';
import type { Voucher } from '../app/vouching.ts';
import type { Workspace } from '../app/views.ts';
import { may, type Permission } from '../auth/roles.ts';
import { principalBehind } from '../auth/tokens.ts';
import { ConfigurationError } from '../core/error.ts';
import { signInMeans } from '../server/sign-in/means.ts';

/** The option by which a command is told who asks, and how it is explained. */
export const TOKEN_OPTION = ['--token-file <FILE>', 'a token of your own, from the page of your account: it shows who you are'] as const;

/** Who a token speaks for, and what the server says of them. Throws `ConfigurationError` that never quotes it. */
export async function personBehind(workspace: Workspace, path: string, permission: Permission): Promise<Voucher> {
  const secret = contents(path).trim();
  const principal = await principalBehind(signInMeans(workspace, null), secret, { address: 'this machine', agent: 'tickmark' });
  if (!principal) throw new ConfigurationError(`--token-file ${path}: this token opens nothing here. It may have ended, or be of another workspace.`);
  const { email, vouched, role, name } = principal;
  if (email === null || !vouched) throw new ConfigurationError(`--token-file ${path}: ${name} belongs to nobody. Use one of your own.`);
  if (!may(principal, permission))
    throw new ConfigurationError(
      `--token-file ${path}: ${name} may not ${permission}: ${email} has the role ${role}${principal.scopes ? ', and the token fewer scopes' : ''}.`,
    );
  return { email, vouched };
}

function contents(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new ConfigurationError(`--token-file ${path}: the file cannot be read.`, cause);
  }
}
