import { days, hours, type Instant } from '../core/instant.ts';
import { CAST, DAYS, during } from './stories.ts';
import { person, type World } from './world.ts';

export interface Role {
  readonly name: string;
  readonly id: string;
  readonly createdAt: Instant;
  /** ARNs of policies that are attached to it. */
  readonly attached: readonly string[];
  readonly inline: Readonly<Record<string, unknown>>;
  /** `null`: no use within AWS's memory. */
  readonly usedAt: Instant | null;
}

const DEPLOYS = {
  Version: '2012-10-17',
  Statement: [
    { Effect: 'Allow', Action: ['lambda:CreateFunction', 'lambda:UpdateFunctionConfiguration', 'lambda:InvokeFunction'], Resource: '*' },
    { Effect: 'Allow', Action: 'iam:PassRole', Resource: 'arn:aws:iam::123456789012:role/function-runtime', Condition: passedTo('lambda') },
  ],
};
/** For a week somebody lets the pipeline pass any role. */
const PASSES_ANY = { ...DEPLOYS, Statement: [...DEPLOYS.Statement, { Effect: 'Allow', Action: 'iam:PassRole', Resource: '*' }] };

function passedTo(service: string) {
  return { StringEquals: { 'iam:PassedToService': `${service}.amazonaws.com` } };
}

/** Roles of Acme's account, by what each is for. */
export function roles(world: World, at: Instant, policies: { readonly admin: string; readonly reader: string }): readonly Role[] {
  const morning = Math.floor(at / days(1)) * days(1) - hours(15);
  return [
    { name: 'TickmarkReader', id: 'AROAACMEREADER', createdAt: world.ago(850), attached: [policies.reader], inline: {}, usedAt: morning },
    { name: 'Administrator', id: 'AROAACMEADMIN', createdAt: world.ago(840), attached: [policies.admin], inline: {}, usedAt: morning - days(5) },
    ...(at < world.ago(DAYS.idleAdministration.removed, 10)
      ? [
          {
            name: 'data-migration',
            id: 'AROAACMEMIGRATION',
            createdAt: world.ago(600),
            attached: [policies.admin],
            inline: {},
            usedAt: Math.min(morning, world.ago(DAYS.idleAdministration.lastUsed, 11)),
          },
        ]
      : []),
    {
      name: 'function-deployer',
      id: 'AROAACMEDEPLOYER',
      createdAt: world.ago(500),
      attached: [],
      inline: { deploys: during(world, at, DAYS.passesAnyRole) ? PASSES_ANY : DEPLOYS },
      usedAt: morning,
    },
  ];
}

/** Who administers the account, by place. */
export const STANDING = [1, 2, 24] as const;

/** The role of administrators names who may take it, since nobody is one all day long. Others trust the account, of which nobody holds the right. */
export function trustOf(world: World, at: Instant, name: string, arn: (rest: string) => string): unknown {
  const takers = [...STANDING, ...(during(world, at, DAYS.fourthTaker) ? [CAST.fourthTaker] : [])];
  const named = name === 'Administrator' && at >= world.ago(DAYS.standingAdmins.to);
  const AWS = named ? takers.map((place) => arn(`user/${person(world, place).email}`)) : arn('root');
  const Condition = { Bool: { 'aws:MultiFactorAuthPresent': 'true' } };
  return { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal: { AWS }, Action: 'sts:AssumeRole', ...(named ? { Condition } : {}) }] };
}
