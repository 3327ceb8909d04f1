import { Hono } from 'hono';
import { openWorkspace } from '../../src/app/open.ts';
import { openMetrics } from '../../src/app/metrics.ts';
import { operations } from '../../src/server/operations.ts';
import { listen, site } from '../../src/server/server.ts';
import { quickClock, quickly } from './quick.ts';

/** A process that works, and serves where it is told so, until it is killed. Its clock runs fast, so that many slots are due in a short while. */
const [dir = '', base = '', role = ''] = process.argv.slice(2);
const clock = quickClock(Number(base));

const workspace = await openWorkspace({ dir, clock });
const metrics = openMetrics(workspace);
const page = new Hono().get('*', async (context) => {
  await workspace.posture();
  return context.text('the posture was read');
});
const served = site({ api: new Hono(), dashboard: page });
const server = role === 'server' ? await listen(operations({ health: () => workspace.health(), metrics, token: null }, served), 0) : null;
const worker = await workspace.jobs().work({
  ...quickly,
  tell(event) {
    metrics.job(event);
    if (event.what === 'problem') process.stdout.write(`problem ${event.note}\n`);
  },
});
process.stdout.write(`ready ${server?.url ?? ''}\n`);
process.once('SIGTERM', () => {
  void (async () => {
    await server?.close();
    await worker.stop(2000);
    await workspace.close();
    process.exit(0);
  })();
});
