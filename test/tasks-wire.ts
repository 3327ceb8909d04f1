import type { Wire } from '../src/sources/wire.ts';

/** Clusters by name, each with its tasks by group, each with its containers. */
export type MadeClusters = Readonly<Record<string, readonly { readonly group?: string; readonly containers: readonly object[]; readonly gone?: string }[]>>;

/** What ECS answers of them, two tasks a page. */
export const tasksWire =
  (clusters: MadeClusters, account = '123456789012'): Wire =>
  async ({ headers, body }) => {
    const asked = new TextDecoder().decode(body ?? new Uint8Array());
    if (asked.includes('Action=GetCallerIdentity'))
      return answer(
        'text/xml',
        `<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>arn:aws:iam::${account}:user/tickmark</Arn><UserId>U</UserId><Account>${account}</Account></GetCallerIdentityResult></GetCallerIdentityResponse>`,
      );
    const input = JSON.parse(asked) as { readonly cluster?: string; readonly tasks?: readonly string[]; readonly nextToken?: string };
    const prefix = `arn:aws:ecs:eu-central-1:${account}`;
    const its = (clusters[input.cluster?.replace(/^.*cluster\//, '') ?? ''] ?? []).map((task, place) => ({
      ...task,
      taskArn: `${prefix}:task/${input.cluster?.replace(/^.*cluster\//, '')}/${place}`,
    }));
    const operation = headers['x-amz-target']?.split('.').at(-1);
    if (operation === 'ListClusters') return json({ clusterArns: Object.keys(clusters).map((name) => `${prefix}:cluster/${name}`) });
    const start = Number(input.nextToken ?? 0);
    if (operation === 'ListTasks')
      return json({ taskArns: its.slice(start, start + 2).map(({ taskArn }) => taskArn), ...(start + 2 < its.length ? { nextToken: String(start + 2) } : {}) });
    const named = its.filter(({ taskArn }) => input.tasks?.includes(taskArn));
    return json({
      tasks: named.filter(({ gone }) => gone === undefined).map(({ taskArn, group, containers }) => ({ taskArn, group, containers })),
      failures: named.flatMap(({ taskArn, gone }) => (gone === undefined || gone === '' ? [] : [{ arn: taskArn, reason: gone }])),
    });
  };

const answer = (type: string, text: string) => ({ status: 200, headers: { 'content-type': type }, body: new TextEncoder().encode(text) });
const json = (value: object) => answer('application/x-amz-json-1.1', JSON.stringify(value));
