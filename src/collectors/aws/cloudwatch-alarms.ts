import { IncompleteError } from '../../core/error.ts';
import { days, type Instant, minutes } from '../../core/instant.ts';
import { alertEvents } from '../../datasets/alert/events.ts';
import { pagesOf, parse } from '../answers.ts';
import { defineCollector, events, type Of } from '../collector.ts';
import type { Artifact } from '../source.ts';
import { Alarms, AlarmsConfig, type Happened, History, Left, read, type Still, spellsOf } from './alarm-spells.ts';
import { callerIn } from './xml.ts';

type Its = Of<AlarmsConfig>;

/** How long AWS remembers what became of an alarm, and how late it may tell. */
const REMEMBERED = days(30);
const LATENESS = minutes(5);
const KINDS = ['MetricAlarm', 'CompositeAlarm'] as const;

/** Shapes and limits: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference (DescribeAlarms, DescribeAlarmHistory). */
export const awsCloudwatchAlarms = defineCollector<AlarmsConfig, 'aws'>({
  id: 'aws/cloudwatch-alarms',
  title: 'Alarms of Amazon CloudWatch: each time one went off, whom it told, and when it was over',
  version: 1,
  transport: 'aws',
  hosts: () => [],
  operations: ['sts:GetCallerIdentity', 'cloudwatch:DescribeAlarms', 'cloudwatch:DescribeAlarmHistory'],
  permissions: [{ right: 'the policy that "tickmark permissions aws/cloudwatch-alarms" prints', why: 'it reads alarms and their history and nothing else' }],
  credentials: { accessKeyId: 'id of an access key', secretAccessKey: 'its secret' },
  role: ({ accounts }, partition) => accounts.find(({ id }) => partition.startsWith(id))?.roleArn ?? null,
  every: '1d',
  config: AlarmsConfig,
  feeds: [alertEvents],
  cannotTell: [
    'who took an alarm, to whom it was passed on and what was found: CloudWatch has no word for it. What it told pages people, and that system tells',
    'what happened more than 30 days ago, which AWS no longer remembers',
    'how urgent an alarm is, but by how its name begins, as the configuration says',
    'regions that the configuration does not name',
    'contributors of one alarm, each by itself',
  ],
  partitions: ({ accounts }) => accounts.flatMap(({ id, regions }) => [...new Set(regions)].map((region) => `${id} ${region}`)),

  async *collect(source, of) {
    const [account = '', region = ''] = of.partition.split(' ');
    const caller = await source.ask('caller', 'sts:GetCallerIdentity');
    yield caller;
    const { Account } = callerIn([caller]);
    if (Account !== account)
      throw new IncompleteError(
        `account ${Account} answered for ${account}: the credential belongs to another account, or a role to assume is missing in the configuration`,
      );
    yield* source.pages('alarms', 'cloudwatch:DescribeAlarms', { AlarmTypes: [...KINDS], MaxRecords: 100 }, { region });
    const { from, to } = windowOf(of);
    // Whether the ends of a range belong to it is not described: more is asked for, and what lies beyond is left to another run.
    const range = { StartDate: Math.floor(from / 1000) - 1, EndDate: Math.ceil(to / 1000) + 1 };
    for (const kind of KINDS) {
      const asked = { AlarmTypes: [kind], ...range, MaxRecords: 100, ScanBy: 'TimestampAscending' };
      yield* source.pages(`history of ${kind}`, 'cloudwatch:DescribeAlarmHistory', asked, { region });
    }
  },

  mark: (artifacts, of) => ({ after: JSON.stringify({ until: windowOf(of).to, open: told(artifacts, of).open }), more: false }),

  witness(artifacts) {
    const { Account, Arn } = callerIn(artifacts);
    return { askedAs: Arn, answeredBy: Account, granted: null, totals: {} };
  },

  normalize(artifacts, of) {
    return [events(alertEvents, told(artifacts, of).rows, windowOf(of))];
  },
});

/** From where the last run left off up to what can no longer be told late. */
function windowOf({ at, after, since }: Its): { readonly from: Instant; readonly to: Instant } {
  const from = Math.max(left(after)?.until ?? since, at - REMEMBERED);
  return { from, to: Math.max(from, at - LATENESS) };
}

const left = (after: string | null): Left | null => (after === null ? null : Left.parse(JSON.parse(after)));

function told(artifacts: readonly Artifact[], of: Its) {
  const { from, to } = windowOf(of);
  const alarms = pagesOf(artifacts, 'alarms').flatMap((page) => {
    const { MetricAlarms, CompositeAlarms } = parse(page, Alarms);
    return [...(MetricAlarms ?? []), ...(CompositeAlarms ?? [])];
  });
  const happened = KINDS.flatMap((kind) => pagesOf(artifacts, `history of ${kind}`).flatMap((page) => parse(page, History).AlarmHistoryItems ?? [])).flatMap(
    (item): readonly Happened[] => {
      const its = read(item);
      return its === null || its.at < from || its.at >= to ? [] : [its];
    },
  );
  const open: readonly Still[] = left(of.after)?.open ?? [];
  return spellsOf({ alarms, happened, open, from, first: of.after === null, config: of.config });
}
