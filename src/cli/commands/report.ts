import { renderReport } from '../../app/render.ts';
import { ConfigurationError } from '../../core/error.ts';
import { wordArgument } from '../arguments.ts';
import type { AddCommand } from '../command.ts';
import { writeOut } from '../files.ts';

interface Options {
  readonly month?: string;
  readonly format: string;
  readonly out?: string;
}

export const addReport: AddCommand = (program, run) => {
  const report = program.command('report').description('reports to hand over');
  report
    .command('access-review')
    .description('every account of every system by person: access, last use, second factor, flags, and the records it rests on')
    .option('--month <YYYY-MM>', 'as it stood at the end of this month (the current one unless said)')
    .option('--format <FORMAT>', 'md, html or csv', 'md')
    .option('--out <FILE>', 'write it there instead of to stdout')
    .action(
      run<Options>(async ({ output, within }, { month, format, out }) => {
        const as = wordArgument(format, '--format', ['md', 'html', 'csv']);
        if (month !== undefined && !/^\d{4}-(0[1-9]|1[0-2])$/.test(month))
          throw new ConfigurationError(`--month ${month}: not a month. Write it like 2026-10.`);
        const document = await within((workspace) => workspace.accessReview(month));
        const text = renderReport(document, as);

        if (out !== undefined) await writeOut('--out', out, text);
        output.give({ title: document.title, format: as, file: out ?? null, text: out === undefined ? text : null });
        output.say(out === undefined ? text.trimEnd() : `Written to ${out}.`);
        return 0;
      }),
    );
};
