import type { StandingStatement } from '../../app/attest.ts';
import { iso } from '../../core/instant.ts';
import type { AddCommand } from '../command.ts';
import { columns } from '../output.ts';

export const addStatements: AddCommand = (program, run) => {
  program
    .command('statements')
    .description('what people have stated by "tickmark attest" and not taken back: who, whether that is shown, and who approved it')
    .argument('[KIND]', 'only of this kind: access-requests')
    .action(
      run(async ({ output, within }, _, kind) => {
        const standing = await within((workspace) => workspace.statements(kind === 'undefined' ? undefined : kind));

        output.give(standing.map((line) => ({ ...line, at: iso(line.at) })));
        output.say(standing.length === 0 ? 'Nobody has stated anything.' : columns(standing.map(people)));
        return 0;
      }),
    );
};

/** What shows who made it. */
const SHOWN: Readonly<Record<StandingStatement['knownBy'], string>> = { key: 'signed', session: 'signed in', token: 'by a token', none: 'not authenticated' };

const people = ({ kind, entry, title, by, knownBy, at, approvedBy, needsApproval, record }: StandingStatement): readonly string[] => [
  `#${record}`,
  `${kind}/${entry}`,
  by,
  SHOWN[knownBy],
  approvedBy.length > 0 ? `approved by ${approvedBy.join(', ')}` : needsApproval ? 'not approved' : '',
  iso(at),
  title,
];
