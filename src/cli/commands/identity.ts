import { resolve } from 'node:path';
import { newIdentity } from '../../app/signed.ts';
import { ConfigurationError } from '../../core/error.ts';
import type { AddCommand } from '../command.ts';
import { writePrivate } from '../files.ts';

export const addIdentity: AddCommand = (program, run) => {
  program
    .command('identity')
    .description('make the key by which a person signs statements: it stays with them, and counts once another person has approved that it is theirs')
    .requiredOption('--email <ADDRESS>', 'whose key it is')
    .requiredOption('--out <FILE>', 'where it is written; nobody but its owner may read it')
    .action(
      run<{ readonly email: string; readonly out: string }>(async ({ output }, { email, out }) => {
        if (!/^\S+@\S+$/.test(email)) throw new ConfigurationError(`--email ${email}: expected an address, like maria.lopez@acme.example.`);
        const path = resolve(out);
        const identity = newIdentity(email);
        await writePrivate('--out', out, `${JSON.stringify(identity, null, 2)}\n`);

        output.give({ email: identity.email, keyId: identity.keyId, file: path });
        output.say(
          [
            `The key of ${identity.email} is in ${path}. Keep it to yourself: whoever has it, signs as you.`,
            'It counts once this entry stands in registers/people-keys.yaml, approved by somebody else (docs/registers.md):',
            '',
            `- id: ${identity.keyId}`,
            `  title: Key of ${identity.email}`,
            `  email: ${identity.email}`,
          ].join('\n'),
        );
        return 0;
      }),
    );
};
