import { iso } from '../../core/instant.ts';
import type { AddCommand } from '../command.ts';
import { columns } from '../output.ts';

export const addRetention: AddCommand = (program, run) => {
  program
    .command('retention')
    .description('what is kept, by retention class and quarter: how much, when it may be disposed of, what holds it')
    .action(
      run(async ({ output, within }) => {
        const { eras, waiting, now } = await within(async (workspace) => ({
          eras: await workspace.eras(),
          waiting: workspace.waiting(),
          now: workspace.now(),
        }));

        output.give({ eras: eras.map(({ due, ...era }) => ({ ...era, due: due === null ? null : iso(due) })), waiting });
        output.say(
          columns([
            ['Era', 'Records', 'Payloads', 'Disposed', 'Bytes', 'Kept until', 'Holds'],
            ...eras.map(({ era, records, payloads, disposed, bytes, due, holds }) => [
              era,
              String(records),
              String(payloads),
              disposed === payloads && payloads > 0 ? 'all' : String(disposed),
              String(bytes),
              due === null ? 'class not in tickmark.yaml' : `${iso(due).slice(0, 10)}${due <= now ? ', due' : ''}`,
              holds.length === 0 ? 'none' : holds.map((record) => `#${record}`).join(' '),
            ]),
          ]),
        );
        for (const it of waiting) output.say(it);
        return 0;
      }),
    );
};
