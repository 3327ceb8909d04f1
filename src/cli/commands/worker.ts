import { openAny } from '../../app/open-any.ts';
import { operations } from '../../server/operations.ts';
import { listen } from '../../server/server.ts';
import { numberArgument } from '../arguments.ts';
import type { AddCommand } from '../command.ts';
import { takingUp } from '../door.ts';
import { LOG_OPTION } from '../journal.ts';
import { running } from '../running.ts';

interface Options {
  readonly port?: string;
  readonly host: string;
  readonly log: string;
}

/** So often it is looked whether tickmark.yaml has changed, in milliseconds. */
const LOOK = 60_000;

export const addWorker: AddCommand = (program, run) => {
  program
    .command('worker')
    .description('do what is due and serve nothing: any number of workers share a PostgreSQL server')
    .option('--port <N>', 'answer /healthz, /readyz and /metrics on this port')
    .option('--host <ADDRESS>', 'address to answer on', '127.0.0.1')
    .option(...LOG_OPTION)
    .action(
      run<Options>(async ({ dir, output }, { port, host, log }) => {
        const number = port === undefined ? null : numberArgument(port, '--port', { min: 0, max: 65_535 });
        const workspace = await openAny({ dir });
        const its = running(workspace, { dir, output, format: log });
        const asked = { health: () => workspace.health(), metrics: its.metrics, token: process.env.TICKMARK_METRICS_TOKEN ?? null };
        const server = number === null ? null : await listen(operations(asked, null), number, host);
        await its.work({ alone: true });
        const timer = setInterval(
          takingUp(workspace, (says) => its.journal.warn(says)),
          LOOK,
        );

        output.give({ url: server?.url ?? null, workspace: dir });
        output.say(`Tickmark works for ${workspace.company}${server ? `, and answers probes on ${server.url}` : ''}`);
        if (log === 'text') output.note('Stop with Ctrl-C.');
        await its.stopped;
        clearInterval(timer);
        await server?.close();
        await its.stop();
        await workspace.close();
        return 0;
      }),
    );
};
