import { z } from 'zod';
import { hours, type Instant } from '../../core/instant.ts';
import type { Artifact } from '../source.ts';
import { report } from './rows.ts';
import { members, result, results } from './xml.ts';

const Users = z.object({ UserDetailList: members(z.object({ UserName: z.string().min(1), Arn: z.string().min(1) })) });
const Summary = z.object({ SummaryMap: z.object({ entry: z.array(z.object({ key: z.string(), value: z.string() })) }) });
/** AWS makes a new report when the last is four hours old. An older one settles nothing. */
const REPORT_LASTS = hours(4.5);

/**
 * Whom to ask for keys and factors one by one: those of whom the credential report says that they have some, and those
 * it does not know. Everybody, where the report is older than AWS says it can be.
 */
export function leftOpen(artifacts: readonly Artifact[], at: Instant): { readonly keys: readonly string[]; readonly factors: readonly string[] } {
  const { lines, generated } = report(artifacts);
  const users = usersOf(artifacts);
  const told = (arn: string) => (at - generated <= REPORT_LASTS ? lines.get(arn) : undefined);
  const hasKey = (line: Readonly<Record<string, string>>) =>
    [1, 2].some((slot) => line[`access_key_${slot}_active`] !== 'false' || /\d/.test(line[`access_key_${slot}_last_rotated`] ?? ''));
  return {
    keys: users.flatMap(({ UserName, Arn }) => {
      const line = told(Arn);
      return line === undefined || hasKey(line) ? [UserName] : [];
    }),
    factors: users.flatMap(({ UserName, Arn }) => {
      const line = told(Arn);
      return line?.password_enabled === 'false' && line.mfa_active === 'false' ? [] : [UserName];
    }),
  };
}

/** Users described, and users by AWS's own count. */
export function counted(artifacts: readonly Artifact[]): { readonly received: number; readonly total: number } {
  const received = usersOf(artifacts).length;
  const { SummaryMap } = result(artifacts, 'summary', 'GetAccountSummary', Summary);
  return { received, total: Number(SummaryMap.entry.find(({ key }) => key === 'Users')?.value ?? received) };
}

const usersOf = (artifacts: readonly Artifact[]) =>
  results(artifacts, 'authorization', 'GetAccountAuthorizationDetails', Users).flatMap(({ UserDetailList }) => UserDetailList);
