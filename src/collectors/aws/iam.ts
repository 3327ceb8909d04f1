import { z } from 'zod';
import { IncompleteError } from '../../core/error.ts';
import { accessKeys } from '../../datasets/iam/access-keys.ts';
import { keyActivity } from '../../datasets/iam/key-activity.ts';
import { passwordPolicies } from '../../datasets/iam/password-policies.ts';
import { policies } from '../../datasets/iam/policies.ts';
import { principals } from '../../datasets/iam/principals.ts';
import { roleActivity } from '../../datasets/iam/role-activity.ts';
import { rootAccounts } from '../../datasets/iam/root-accounts.ts';
import { rootUses } from '../../datasets/iam/root-uses.ts';
import { activity } from '../../datasets/identity/activity.ts';
import { memberships } from '../../datasets/identity/memberships.ts';
import { mfaEnforcement } from '../../datasets/identity/mfa-enforcement.ts';
import { mfaFactors } from '../../datasets/identity/mfa-factors.ts';
import { users } from '../../datasets/identity/users.ts';
import { defineCollector } from '../collector.ts';
import { AwsIamConfig } from './config.ts';
import type { Artifact } from '../source.ts';
import { counted, leftOpen } from './left-open.ts';
import { tables } from './rows.ts';
import { callerIn, result } from './xml.ts';

/** The report is made while one waits; AWS answers STARTED or INPROGRESS until it is. */
const REPORT_ATTEMPTS = 20;
const ReportState = z.object({ State: z.string() });
const NO_POLICY = [{ status: 404, says: 'NoSuchEntity' }];

export const awsIam = defineCollector<AwsIamConfig, 'aws'>({
  id: 'aws/iam',
  title: 'Identities of AWS accounts: users, groups, roles, policies with documents, access keys, second factors, root, password policy',
  version: 5,
  transport: 'aws',
  hosts: () => [],
  operations: [
    'sts:GetCallerIdentity',
    'iam:GetAccountSummary',
    'iam:GetAccountAuthorizationDetails',
    'iam:GenerateCredentialReport',
    'iam:GetCredentialReport',
    'iam:GetAccountPasswordPolicy',
    'iam:ListAccessKeys',
    'iam:ListMFADevices',
  ],
  permissions: [{ right: 'the policy that "tickmark permissions aws/iam" prints', why: 'it reads IAM and nothing else' }],
  credentials: { accessKeyId: 'id of an access key', secretAccessKey: 'its secret' },
  role: ({ accounts }, partition) => accounts.find(({ id }) => id === partition)?.roleArn ?? null,
  every: '1d',
  config: AwsIamConfig,
  feeds: [
    users,
    activity,
    mfaFactors,
    mfaEnforcement,
    memberships,
    principals,
    policies,
    roleActivity,
    accessKeys,
    keyActivity,
    rootAccounts,
    rootUses,
    passwordPolicies,
  ],
  cannotTell: [
    'accounts that the configuration does not name: compare the list with the organization',
    'rights given by resource policies, service control policies and permission sets',
    'which user is a machine: declare service identities',
    'an access key made within the last four hours by a user who had none: the credential report says who has keys',
    'the last use within the last four hours: AWS makes the credential report no more often',
    'a use of root that was followed by another one before the next reading: AWS keeps the newest alone',
  ],
  partitions: ({ accounts }) => accounts.map(({ id }) => id),

  async *collect(source, { partition, at }) {
    const caller = await source.ask('caller', 'sts:GetCallerIdentity');
    yield caller;
    const { Account } = callerIn([caller]);
    if (Account !== partition)
      throw new IncompleteError(
        `account ${Account} answered for ${partition}: the credential belongs to another account, or a role to assume is missing in the configuration`,
      );
    yield await source.ask('summary', 'iam:GetAccountSummary');
    yield await source.ask('password-policy', 'iam:GetAccountPasswordPolicy', {}, { facts: NO_POLICY });

    const told: Artifact[] = [];
    for await (const page of source.pages('authorization', 'iam:GetAccountAuthorizationDetails', { MaxItems: 1000 })) {
      told.push(page);
      yield page;
    }

    for (let attempt = 1; ; attempt++) {
      const making = await source.ask(`report-state ${attempt}`, 'iam:GenerateCredentialReport');
      yield making;
      const { State } = result([making], `report-state ${attempt}`, 'GenerateCredentialReport', ReportState);
      if (State === 'COMPLETE') break;
      if (attempt === REPORT_ATTEMPTS) throw new IncompleteError(`AWS has not made the credential report of ${partition} after ${attempt} requests`);
      await source.wait(3000);
    }
    const report = await source.ask('report', 'iam:GetCredentialReport');
    told.push(report);
    yield report;

    const { keys, factors } = leftOpen(told, at);
    for (const name of keys) yield* source.pages(`keys of ${name}`, 'iam:ListAccessKeys', { UserName: name });
    for (const name of factors) yield* source.pages(`factors of ${name}`, 'iam:ListMFADevices', { UserName: name });
  },

  witness(artifacts) {
    const { Account, Arn } = callerIn(artifacts);
    return { askedAs: Arn, answeredBy: Account, granted: null, totals: { authorization: counted(artifacts) } };
  },

  normalize: (artifacts, of) => tables(artifacts, of),
});
