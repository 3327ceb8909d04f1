import type { Wire } from '../src/sources/wire.ts';

export interface MadeAlarm {
  readonly name: string;
  readonly state: 'OK' | 'ALARM' | 'INSUFFICIENT_DATA';
  readonly since: number;
  readonly description?: string;
  readonly composite?: boolean;
}

/** One entry of the history of an alarm. */
export interface MadeHistory {
  readonly alarm: string;
  readonly at: number;
  readonly to?: 'OK' | 'ALARM' | 'INSUFFICIENT_DATA' | 'NONSENSE';
  readonly action?: 'Succeeded' | 'Failed';
  readonly deleted?: boolean;
  readonly composite?: boolean;
  /** Only the summary tells. */
  readonly brief?: boolean;
}

/** CloudWatch of one region, so many entries a page. */
export const alarmsWire =
  (
    { alarms, history }: { readonly alarms: readonly MadeAlarm[]; readonly history: readonly MadeHistory[] },
    { account = '123456789012', page = 2 } = {},
  ): Wire =>
  async ({ headers, body }) => {
    const asked = new TextDecoder().decode(body ?? new Uint8Array());
    if (asked.includes('Action=GetCallerIdentity'))
      return answer(
        'text/xml',
        `<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>arn:aws:iam::${account}:user/tickmark</Arn><UserId>U</UserId><Account>${account}</Account></GetCallerIdentityResult></GetCallerIdentityResponse>`,
      );
    const input = JSON.parse(asked) as { AlarmTypes: readonly string[]; StartDate?: number; EndDate?: number; NextToken?: string };
    const start = Number(input.NextToken ?? 0);
    const rest = <Entry>(all: readonly Entry[]) => ({
      its: all.slice(start, start + page),
      ...(start + page < all.length ? { NextToken: String(start + page) } : {}),
    });
    const kindOf = ({ composite = false }: { readonly composite?: boolean }) => (composite ? 'CompositeAlarm' : 'MetricAlarm');
    if (headers['x-amz-target'] === 'GraniteServiceVersion20100801.DescribeAlarms') {
      const { its, ...more } = rest(alarms.filter((alarm) => input.AlarmTypes.includes(kindOf(alarm))));
      const of = (kind: string) => its.flatMap((alarm) => (kindOf(alarm) === kind ? [alarmOf(alarm)] : []));
      return json({ MetricAlarms: of('MetricAlarm'), CompositeAlarms: of('CompositeAlarm'), ...more });
    }
    const within = history.filter(
      (item) => input.AlarmTypes.includes(kindOf(item)) && item.at / 1000 >= (input.StartDate ?? 0) && item.at / 1000 <= (input.EndDate ?? Infinity),
    );
    const { its, ...more } = rest(within.toSorted((a, b) => a.at - b.at));
    return json({ AlarmHistoryItems: its.map((item) => ({ AlarmType: kindOf(item), ...itemOf(item) })), ...more });
  };

const alarmOf = ({ name, state, since, description }: MadeAlarm) => ({
  AlarmName: name,
  AlarmArn: `arn:aws:cloudwatch:eu-central-1:123456789012:alarm:${name}`,
  AlarmDescription: description,
  StateValue: state,
  StateUpdatedTimestamp: (since + 60_000) / 1000,
  StateTransitionedTimestamp: since / 1000,
  ActionsEnabled: true,
});

function itemOf({ alarm, at, to, action, deleted, brief = false }: MadeHistory) {
  const shared = { AlarmName: alarm, Timestamp: at / 1000 };
  if (to !== undefined) {
    const data = { version: '1.0', oldState: { stateValue: 'OK' }, newState: { stateValue: to, stateReason: 'Threshold Crossed' } };
    return {
      ...shared,
      HistoryItemType: 'StateUpdate',
      HistorySummary: `Alarm updated from OK to ${to}`,
      ...(brief ? {} : { HistoryData: JSON.stringify(data) }),
    };
  }
  if (action !== undefined) {
    const topic = 'arn:aws:sns:eu-central-1:123456789012:pages';
    const says = action === 'Succeeded' ? `Successfully executed action ${topic}` : `Failed to execute action ${topic}`;
    return { ...shared, HistoryItemType: 'Action', HistorySummary: says, HistoryData: JSON.stringify({ actionState: action, notificationResource: topic }) };
  }
  const type = deleted === true ? 'Delete' : 'Update';
  return {
    ...shared,
    HistoryItemType: 'ConfigurationUpdate',
    HistorySummary: `Alarm "${alarm}" ${type.toLowerCase()}d`,
    HistoryData: JSON.stringify({ version: '1.0', type }),
  };
}

const answer = (type: string, text: string) => ({ status: 200, headers: { 'content-type': type }, body: new TextEncoder().encode(text) });
const json = (value: object) => answer('application/x-amz-json-1.0', JSON.stringify(value));
