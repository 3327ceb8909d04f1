import { join } from 'node:path';
import { openWitness } from '../../app/witness.ts';
import { listen } from '../../server/server.ts';
import { witnessPages } from '../../server/witness.ts';
import { numberArgument } from '../arguments.ts';
import type { AddCommand } from '../command.ts';

interface Options {
  readonly dir?: string;
  readonly name?: string;
  readonly log: readonly string[];
  readonly host: string;
  readonly port: string;
}

export const addWitness: AddCommand = (program, run) => {
  program
    .command('witness')
    .description('be a witness: sign checkpoints of logs that only grow. To be run by an auditor, or in another account')
    .option('--dir <DIR>', 'its own folder, with its key and what it saw last: never restore it from a backup (./witness unless said)')
    .option('--name <NAME>', 'its name, the first time: auditor.example/witness')
    .option(
      '--log <KEY>',
      'a log it shall know from now on: its key, or its log.json; may be repeated',
      (log: string, before: readonly string[]) => [...before, log],
      [],
    )
    .option('--host <ADDRESS>', 'where it listens', '127.0.0.1')
    .option('--port <N>', 'port', '7500')
    .action(
      run<Options>(async ({ dir, output }, { dir: folder, name, log, host, port }) => {
        const cosigner = await openWitness({ dir: folder ?? join(dir, 'witness'), name, logs: log });
        try {
          const server = await listen(witnessPages(cosigner), numberArgument(port, '--port', { min: 0, max: 65_535 }), host);
          output.give({ url: server.url, key: cosigner.vkey, logs: cosigner.logs });
          output.say(`Witness on ${server.url}`);
          output.say(`In tickmark.yaml of the company:\nwitnesses: [{ url: ${server.url}, key: ${cosigner.vkey} }]`);
          output.note('Stop with Ctrl-C.');
          await new Promise<void>((resolve) => {
            for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => resolve());
          });
          await server.close();
        } finally {
          cosigner.close();
        }
        return 0;
      }),
    );
};
