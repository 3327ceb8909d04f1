import { openAny } from '../../app/open-any.ts';
import { restore } from '../../app/restore.ts';
import { several } from '../../core/spoken.ts';
import type { AddCommand } from '../command.ts';

export const addBackup: AddCommand = (program, run) => {
  program
    .command('backup')
    .description('write the log, its keys, the configuration and the rows that cannot be derived into one file, while everything goes on')
    .requiredOption('--out <FILE>', 'a file that is not there yet. It holds the keys of the log: keep it as you keep those')
    .action(
      run<{ out: string }>(async ({ output, within }, { out }) => {
        const done = await within((workspace) => workspace.backup(out));

        output.give(done);
        output.say(`${done.file}: ${several(done.files, 'file')}, ${several(done.rows, 'row')}, the log at ${done.checkpoint.size} records.`);
        if (done.bucket) output.note(`The archive itself lies in ${done.bucket} and is not part of it: keep the versions of that bucket.`);
        return 0;
      }),
    );
};

export const addRestore: AddCommand = (program, run) => {
  program
    .command('restore')
    .description('put a backup into an empty folder and an empty database, and verify it')
    .argument('<FILE>', 'what "tickmark backup" wrote')
    .action(
      run(async ({ dir, output }, _, file = '') => {
        const { files, rows, ...said } = await restore(dir, file);
        const workspace = await openAny({ dir });
        try {
          output.progress('verifying what was restored ...');
          const { records, problems } = await workspace.verify();

          output.give({ workspace: dir, ...said, files, rows, records, problems });
          output.say(
            `Restored into ${dir}: ${several(files, 'file')}, ${several(rows, 'row')}. The log of ${said.origin} holds ${records} records and ${problems.length === 0 ? 'verifies' : 'DOES NOT VERIFY'}.`,
          );
          for (const { says } of problems) output.say(says);
          output.note('See that the one it was made of seals nothing any more: two that go on apart are a fork, and witnesses will say so.');
          return problems.length === 0 ? 0 : 1;
        } finally {
          await workspace.close();
        }
      }),
    );
};
