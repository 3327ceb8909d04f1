import { z } from 'zod';
import { IncompleteError } from '../../core/error.ts';
import { days, hours, type Instant } from '../../core/instant.ts';
import { cloudChanges } from '../../datasets/config/cloud-changes.ts';
import { pagesOf, parse } from '../answers.ts';
import { defineCollector, events, type Of } from '../collector.ts';
import type { Artifact } from '../source.ts';
import { changeOf, LookedUp, TrailEvent } from './trail-events.ts';
import { callerIn } from './xml.ts';

const Role = z.string().min(1);
const CloudtrailConfig = z.strictObject({
  accounts: z
    .array(
      z.strictObject({
        id: z
          .string()
          .regex(/^\d{12}$/, 'expected the twelve digits of an account, in quotes')
          .describe('Account id'),
        roleArn: z
          .string()
          .regex(/^arn:aws[\w-]*:iam::\d{12}:role\/.+/, 'expected the ARN of a role')
          .optional()
          .describe('Role to assume to read this account'),
        regions: z
          .array(z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d$/, 'expected a region, like eu-central-1'))
          .refine((regions) => regions.includes('us-east-1'), 'us-east-1 has to be among them: changes of IAM and of other global services are recorded there')
          .describe('Every region that may be changed, us-east-1 among them'),
      }),
    )
    .min(1)
    .describe('Every account that is to be read'),
  pipelines: z.array(Role).default([]).describe('Names of the roles and users under which the pipeline changes things'),
  machines: z.array(Role).default([]).describe('Names of the roles and users under which programs of the company run'),
  projects: z
    .array(z.string().regex(/^[A-Z][A-Z0-9_]*$/, 'expected the key of a project, like OPS'))
    .default([])
    .describe('Keys of the projects whose tickets the name of a session or its source identity may name; any that looks like one unless said'),
  system: z.string().min(1).default('aws').describe('Id of the system in the scope'),
});
export type CloudtrailConfig = z.infer<typeof CloudtrailConfig>;

/** How long AWS remembers, and how late it may tell. */
const REMEMBERED = days(90);
const LATENESS = hours(1);
/** One question is about so much; a run asks one after another, until it has come to so many events. */
const STEP = days(1);
const ENOUGH = 1000;

export const awsCloudtrail = defineCollector<CloudtrailConfig, 'aws'>({
  id: 'aws/cloudtrail',
  title: 'Changes of AWS accounts from the event history of CloudTrail, with who made them',
  version: 2,
  transport: 'aws',
  hosts: () => [],
  operations: ['sts:GetCallerIdentity', 'cloudtrail:LookupEvents'],
  permissions: [{ right: 'the policy that "tickmark permissions aws/cloudtrail" prints', why: 'it reads the event history and nothing else' }],
  credentials: { accessKeyId: 'id of an access key', secretAccessKey: 'its secret' },
  role: ({ accounts }, partition) => accounts.find(({ id }) => partition.startsWith(id))?.roleArn ?? null,
  every: '1d',
  config: CloudtrailConfig,
  feeds: [cloudChanges],
  cannotTell: [
    'changes of data (objects of S3, rows of tables): the event history holds management events alone',
    'what happened more than 90 days ago, which AWS no longer remembers',
    'regions that the configuration does not name',
    'the person behind a session that is named by neither them nor a ticket',
    'why a role that the configuration does not name was assumed: such a change counts as made by hand',
  ],
  partitions: ({ accounts }) => accounts.flatMap(({ id, regions }) => [...new Set(regions)].map((region) => `${id} ${region}`)),

  async *collect(source, of) {
    const { account, region } = placeOf(of);
    const caller = await source.ask('caller', 'sts:GetCallerIdentity');
    yield caller;
    const { Account } = callerIn([caller]);
    if (Account !== account)
      throw new IncompleteError(
        `account ${Account} answered for ${account}: the credential belongs to another account, or a role to assume is missing in the configuration`,
      );
    const { from, limit } = windowOf(of);
    for (let [place, start, count] = [1, from, 0]; start < limit && count < ENOUGH; place++, start += STEP) {
      const asked = {
        LookupAttributes: [{ AttributeKey: 'ReadOnly', AttributeValue: 'false' }],
        StartTime: start / 1000,
        EndTime: Math.min(start + STEP, limit) / 1000 - 1, // that second is still asked for
        MaxResults: 50,
      };
      for await (const page of source.pages(questionOf(place), 'cloudtrail:LookupEvents', asked, { region })) {
        count += parse(page, LookedUp).Events.length;
        yield page;
      }
    }
  },

  mark(artifacts, of) {
    const to = reached(artifacts, of);
    return { after: JSON.stringify({ until: to }), more: to < windowOf(of).limit };
  },

  witness(artifacts) {
    const { Account, Arn } = callerIn(artifacts);
    return { askedAs: Arn, answeredBy: Account, granted: null, totals: {} };
  },

  normalize(artifacts, of) {
    const { account, region } = placeOf(of);
    const told = new Map(eventsIn(artifacts).map((event) => [event.eventID, changeOf(event, of.config, account, region)]));
    return [events(cloudChanges, [...told.values()], { from: windowOf(of).from, to: reached(artifacts, of) })];
  },
});

function placeOf({ partition }: Of<CloudtrailConfig>): { readonly account: string; readonly region: string } {
  const [account = '', region = ''] = partition.split(' ');
  return { account, region };
}

const Left = z.strictObject({ until: z.int() });

/** From where to where there is something to ask for, in whole seconds: from where the last run left off up to what can no longer be told late. */
function windowOf({ at, after, since }: Of<CloudtrailConfig>): { readonly from: Instant; readonly limit: Instant } {
  const second = (instant: Instant) => Math.floor(instant / 1000) * 1000;
  const from = second(Math.max(after === null ? since : Left.parse(JSON.parse(after)).until, at - REMEMBERED));
  return { from, limit: Math.max(from, second(at - LATENESS)) };
}

/** The first has the name that it had when a run asked for one day alone. */
const questionOf = (place: number): string => (place === 1 ? 'events' : `events ${place}`);

/** Names of the questions that were asked, in order. */
function questionsIn(artifacts: readonly Artifact[]): readonly string[] {
  const names: string[] = [];
  for (let place = 1; artifacts.some(({ name }) => name === questionOf(place)); place++) names.push(questionOf(place));
  return names;
}

function reached(artifacts: readonly Artifact[], of: Of<CloudtrailConfig>): Instant {
  const { from, limit } = windowOf(of);
  return Math.min(from + questionsIn(artifacts).length * STEP, limit);
}

function eventsIn(artifacts: readonly Artifact[]): readonly TrailEvent[] {
  const pages = questionsIn(artifacts).flatMap((question) => pagesOf(artifacts, question));
  return pages.flatMap((page) =>
    parse(page, LookedUp).Events.map(({ EventId, CloudTrailEvent }) => {
      const { success, data, error } = TrailEvent.safeParse(JSON.parse(CloudTrailEvent));
      if (!success) throw new RangeError(`event ${EventId}: ${error.issues[0]?.path.join('.')} ${error.issues[0]?.message}`);
      return data;
    }),
  );
}
