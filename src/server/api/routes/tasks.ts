import { may } from '../../../auth/roles.ts';
import { iso } from '../../../core/instant.ts';
import { implementing, principalOf } from '../asking.ts';
import { tasks as contract } from '../contract/tasks.ts';

const endpoints = implementing(contract);

export const taskRoutes = endpoints.router({
  list: endpoints.list.handler(async ({ context }) => {
    const principal = principalOf(context);
    const { workspace } = context.services;
    const [acts, decides, states, answers] = (['findings.act', 'statements.approve', 'statements.make', 'alerts.act'] as const).map((it) => may(principal, it));
    const { email } = principal;
    if (email === null || !(acts || decides || states || answers)) return { now: iso(workspace.now()), known: true, tasks: [] };
    const who = { email, acts: acts ?? false, decides: decides ?? false, states: states ?? false, answers: answers ?? false };
    const { now, tasks } = await workspace.tasks(who);
    return {
      now: iso(now),
      known: (await workspace.workersOf(email)).length > 0,
      tasks: tasks.map((task) => ({ ...task, due: task.due === null || !Number.isFinite(task.due) ? null : iso(task.due) })),
    };
  }),
});
