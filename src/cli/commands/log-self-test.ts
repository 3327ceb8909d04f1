import type { Command } from 'commander';
import { selfTestBucket } from '../../app/archive-place.ts';
import { STATE } from '../../app/schedule.ts';
import { several } from '../../core/spoken.ts';
import type { AddCommand } from '../command.ts';

export function addSelfTest(log: Command, run: Parameters<AddCommand>[1]): void {
  log
    .command('self-test')
    .description('try whether the provider of the bucket honours what the archive rests on: conditional writes, checksums, Object Lock')
    .action(
      run(async ({ dir, output }) => {
        output.progress('trying the bucket');
        const { url, lock, answers, refusal, left } = await selfTestBucket(dir, STATE);

        output.give({ url, lock, fit: refusal === null, answers, left });
        const [probes, saws] = [widest(answers.map(({ probe }) => probe)), widest(answers.map(({ saw }) => saw))];
        for (const { probe, expected, saw, right } of answers)
          output.say(`${right ? 'right' : 'WRONG'}  ${probe.padEnd(probes)}  ${saw.padEnd(saws)}  (${expected})`);
        if (left > 0) output.say(`${several(left, 'object')} of the test stay locked for a minute; the next test removes them.`);
        if (refusal === null) output.say(`${url} is fit for WORM mode.`);
        else if (lock === 'none') output.say(`${url} is not fit for WORM mode. Nothing is locked there ("lock: none"), so nothing rests on it.`);
        else throw refusal;
        return 0;
      }),
    );
}

const widest = (words: readonly string[]): number => Math.max(...words.map(({ length }) => length));
