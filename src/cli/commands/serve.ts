import { Hono } from 'hono';
import { loadDemo, needsDemo, openAny } from '../../app/demo.ts';
import { renderReport } from '../../app/render.ts';
import { changeLines, keepWatch } from '../../app/watch.ts';
import { spokenInstant } from '../../core/spoken.ts';
import { listen, pages } from '../../server/server.ts';
import { numberArgument } from '../arguments.ts';
import type { Workspace } from '../../app/views.ts';
import type { AddCommand } from '../command.ts';
import type { Output } from '../output.ts';

interface Options {
  readonly port: string;
  readonly demo?: boolean;
}

/** How often the log is taken care of: a part of it read again, keys retired, disposals finished. */
const UPKEEP = 3_600_000;
/** How often it is looked whether a source is due. */
const LOOK = 60_000;
/** How often the newest checkpoint is brought to those who have not confirmed it: a minute after a record was sealed they have. */
const ATTEND = 30_000;

export const addServe: AddCommand = (program, run) => {
  program
    .command('serve')
    .description('serve the posture on this machine, and ask the sources that are due')
    .option('--port <N>', 'port on 127.0.0.1', '7400')
    .option('--demo', 'where there is no workspace yet, load the made-up company Acme first')
    .action(
      run<Options>(async ({ dir, output }, { port, demo }) => {
        const number = numberArgument(port, '--port', { min: 0, max: 65_535 });
        // A taken port is said at once, not after the demo was made.
        const probe = await listen(new Hono(), number);
        await probe.close();
        if (demo && needsDemo(dir)) {
          output.note(`There is no workspace in ${dir} that this version reads: loading the made-up company Acme (a minute or two) ...`);
          await loadDemo({ dir, progress: (done, of) => output.progress(`telling of Acme: ${done} of ${of} runs`) });
        }
        const workspace = await openAny({ dir });
        const started = await workspace.posture();
        const server = await listen(pages(workspace, { rendersReport: async (month) => renderReport(await workspace.accessReview(month), 'html') }), number);

        output.give({ url: server.url, workspace: dir });
        output.say(`Tickmark serves ${started.company} on ${server.url}`);
        output.note(
          workspace.demo
            ? 'It is made up: its records are marked as demo. Begin your own with: npx tickmark init my-company'
            : 'Next: npx tickmark status, or npx tickmark collect to ask every source now.',
        );
        output.note('Stop with Ctrl-C.');

        workspace.onChange((changed) => changeLines(changed).forEach(output.note));
        const watch = keepWatch(workspace, {
          after: (milliseconds, act) => {
            const timer = setTimeout(act, milliseconds);
            return () => clearTimeout(timer);
          },
          failed: (error) => output.note(`what changed could not be told: ${error instanceof Error ? error.message : String(error)}`),
        });
        let asking = false;
        let kept = 0;
        const look = async () => {
          if (asking) return;
          asking = true;
          try {
            const runs = await workspace.collectDue(({ collector, name, complete, record, reason }) =>
              output.note(
                `${spokenInstant(workspace.now())} asked ${collector} ${name}: ${complete ? 'complete' : `incomplete: ${reason ?? ''}`}, record ${record}`,
              ),
            );
            if (runs.length > 0) await watch.look();
            if (workspace.now() - kept >= UPKEEP) {
              kept = workspace.now();
              const { retired, left, scrubbed } = await workspace.upkeep();
              if (retired !== null) output.note(`${spokenInstant(workspace.now())} the old key of the log was retired, record ${retired}`);
              for (const it of left) output.note(it);
              const [damage] = (scrubbed.running ?? scrubbed.last)?.problems ?? [];
              if (damage)
                output.note(`reading the log again found damage: ${damage.file ?? ''} record ${damage.index ?? ''}: ${damage.says}. Run "tickmark log fsck".`);
            }
          } catch (error) {
            output.note(`collecting failed, and is tried again in a minute: ${error instanceof Error ? error.message : String(error)}`);
          } finally {
            asking = false;
          }
        };
        const attending = attendant(workspace, output);
        await watch.look();
        void look();
        void attending();
        const timers = [setInterval(() => void look(), LOOK), setInterval(() => void attending(), ATTEND)];
        await stopped();
        timers.forEach(clearInterval);
        watch.stop();
        await server.close();
        await workspace.close();
        return 0;
      }),
    );
};

/** Brings checkpoints outside, one visit at a time, and says once what is wrong there. */
function attendant(workspace: Workspace, output: Output): () => Promise<void> {
  let busy = false;
  let said = '';
  return async () => {
    if (busy) return;
    busy = true;
    try {
      await workspace.attend({ patient: true });
      const complaints = (await workspace.logStatus()).attended.complaints.map(({ code, says }) => `${code}: ${says}`);
      if (complaints.join('\n') !== said) for (const complaint of complaints) output.note(`${spokenInstant(workspace.now())} ${complaint}`);
      said = complaints.join('\n');
    } catch (error) {
      output.note(`the newest checkpoint could not be brought outside: ${error instanceof Error ? error.message : String(error)}`);
    } finally {
      busy = false;
    }
  };
}

const stopped = (): Promise<void> =>
  new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => resolve());
  });
