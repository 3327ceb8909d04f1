import { iso } from '../src/core/instant.ts';
import type { Wire } from '../src/sources/wire.ts';

/** A change as somebody made it. */
export interface MadeChange {
  readonly id: string;
  readonly at: number;
  readonly name: string;
  readonly identity: object;
  readonly more?: object;
}

export const session = (role: string, name: string, sourceIdentity?: string) => ({
  type: 'AssumedRole',
  principalId: `AROAEXAMPLE:${name}`,
  arn: `arn:aws:sts::123456789012:assumed-role/${role}/${name}`,
  accountId: '123456789012',
  sessionContext: {
    sessionIssuer: {
      type: 'Role',
      principalId: 'AROAEXAMPLE',
      arn: `arn:aws:iam::123456789012:role/${role}`,
      accountId: '123456789012',
      userName: role.replace(/^.*\//, ''),
    },
    ...(sourceIdentity === undefined ? {} : { sourceIdentity }),
  },
});

/** The event history of an account in one region, so many events a page. */
export const trailWire =
  (changes: readonly MadeChange[], { account = '123456789012', page = 2, seen = [] as object[] } = {}): Wire =>
  async ({ headers, body, url }) => {
    const asked = new TextDecoder().decode(body ?? new Uint8Array());
    if (asked.includes('Action=GetCallerIdentity')) return xml(account);
    const input = JSON.parse(asked) as { readonly StartTime: number; readonly EndTime: number; readonly NextToken?: string };
    const its = changes.filter(({ at }) => input.StartTime * 1000 <= at && at <= input.EndTime * 1000 + 999).toSorted((a, b) => b.at - a.at);
    const start = Number(input.NextToken ?? 0);
    const output = {
      Events: its.slice(start, start + page).map(eventOf),
      ...(start + page < its.length ? { NextToken: String(start + page) } : {}),
    };
    seen.push({ target: headers['x-amz-target'], url, input, output, signed: /^AWS4-HMAC-SHA256 Credential=/.test(headers.authorization ?? '') });
    return { status: 200, headers: { 'content-type': 'application/x-amz-json-1.1' }, body: new TextEncoder().encode(JSON.stringify(output)) };
  };

function eventOf({ id, at, name, identity, more }: MadeChange): object {
  const [source = '', action = ''] = name.split(':');
  const record = {
    ...{ eventVersion: '1.11', userIdentity: identity, eventTime: iso(at), eventSource: `${source}.amazonaws.com`, eventName: action },
    ...{ awsRegion: 'eu-central-1', eventID: id, readOnly: false, eventType: 'AwsApiCall', managementEvent: true, recipientAccountId: '123456789012', ...more },
  };
  return {
    EventId: id,
    EventName: action,
    ReadOnly: 'false',
    EventTime: at / 1000,
    EventSource: record.eventSource,
    Resources: [],
    CloudTrailEvent: JSON.stringify(record),
  };
}

const xml = (account: string) => ({
  status: 200,
  headers: { 'content-type': 'text/xml' },
  body: new TextEncoder().encode(
    `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult><Arn>arn:aws:iam::${account}:user/tickmark</Arn><UserId>AIDAEXAMPLE</UserId><Account>${account}</Account></GetCallerIdentityResult></GetCallerIdentityResponse>`,
  ),
});
