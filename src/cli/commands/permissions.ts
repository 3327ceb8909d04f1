import { leastPrivilege } from '../../app/permissions.ts';
import type { AddCommand } from '../command.ts';

export const addPermissions: AddCommand = (program, run) => {
  program
    .command('permissions')
    .description('the least privilege that the credential of a collector needs (for AWS the IAM policy, as JSON)')
    .argument('<COLLECTOR>', 'id of the collector: aws/iam')
    .action(
      run(async ({ output }, _options, id) => {
        const { policy, rights, credentials, cannotTell } = leastPrivilege(id ?? '');

        output.give(policy ?? { rights, credentials });
        if (policy !== null) output.say(JSON.stringify(policy, null, 2));
        else
          output.say(
            [
              ...rights.map(({ right, why }) => `${right}: ${why}`),
              ...Object.entries(credentials).map(([name, what]) => `credential "${name}": ${what}`),
              ...cannotTell.map((what) => `It cannot tell ${what}`),
            ].join('\n'),
          );
        return 0;
      }),
    );
};
