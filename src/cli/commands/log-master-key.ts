import { rotateMasterKey } from '../../app/rotate-master-key.ts';
import { several } from '../../core/spoken.ts';
import type { AddCommand } from '../command.ts';

export const addMasterKey: AddCommand = (log, run) => {
  log
    .command('rotate-master-key')
    .description('wrap the secrets that lie in the database of DATABASE_URL by another master key: all of them, or none')
    .requiredOption('--to <FILE>', 'the file of the new key; TICKMARK_MASTER_KEY_FILE names that of the old one')
    .action(
      run<{ to: string }>(async ({ output }, { to }) => {
        const secrets = await rotateMasterKey(to);

        output.give({ secrets });
        output.say(
          `${several(secrets, 'secret')} wrapped by the key in ${to}. Let TICKMARK_MASTER_KEY_FILE name it everywhere, and start every process again.`,
        );
        return 0;
      }),
    );
};
