import type { Command } from 'commander';
import type { LogStatus, Workspace } from '../../app/views.ts';
import { IntegrityError } from '../../core/error.ts';
import { iso } from '../../core/instant.ts';
import { spokenDuration, spokenInstant } from '../../core/spoken.ts';
import type { AddCommand, Exit } from '../command.ts';
import { columns, type Output } from '../output.ts';

type Standing = LogStatus['attended']['standings'][number];

/** `log status` and `log attend`. */
export function addLogStatus(log: Command, run: Parameters<AddCommand>[1]): void {
  log
    .command('status')
    .description('where the log stands, and which witnesses and time-stamping authorities have confirmed it')
    .action(run(({ output, within }) => within((workspace) => tell(workspace, output))));
  log
    .command('attend')
    .description('bring the newest checkpoint to the witnesses and authorities now; "collect" and "serve" do it by themselves')
    .action(
      run(({ output, within }) =>
        within(async (workspace) => {
          await workspace.attend({ patient: false });
          return tell(workspace, output);
        }),
      ),
    );
}

async function tell(workspace: Workspace, output: Output): Promise<Exit> {
  const status = await workspace.logStatus();
  const { verifierKey, checkpoint, sealedAt, attended } = status;
  const { standings, quorum, witnessed, timestamped, complaints } = attended;
  output.give({
    checkpoint,
    sealedAt: sealedAt === null ? null : iso(sealedAt),
    verifierKey,
    timestamped,
    witnessed,
    quorum,
    anchors: standings.map(({ kind, name, url, newest, current, ahead, trouble }) => ({
      kind,
      name,
      url,
      current,
      newest: newest && { size: newest.size, at: iso(newest.at) },
      clockAheadMs: ahead,
      trouble: trouble && { since: trouble.since === 0 ? null : iso(trouble.since), code: trouble.code, says: trouble.says },
    })),
    complaints: complaints.map(({ code, says }) => ({ code, says })),
  });
  output.say(`${checkpoint.origin}, size ${checkpoint.size}, root ${checkpoint.root}`);
  if (sealedAt !== null) output.say(`The newest record was sealed at ${spokenInstant(sealedAt)}, ${spokenDuration(workspace.now() - sealedAt)} ago.`);
  output.say(`Key of the log, for witnesses and auditors: ${verifierKey}`);
  if (standings.length > 0) output.say(columns(standings.map((it) => [it.kind === 'witness' ? 'witness' : 'timestamps', it.name, line(it)])));
  output.say(timestamped ? 'The newest checkpoint is timestamped.' : `The newest checkpoint is untimestamped${none(status, 'authority')}.`);
  output.say(witnessed ? 'It is witnessed.' : `It is unwitnessed${none(status, 'witness')}.`);
  return warn(complaints, output);
}

/** Says what somebody has to look at. Throws `IntegrityError` where a witness holds another history. */
export function warn(complaints: LogStatus['attended']['complaints'], output: Output): Exit {
  const [grave] = complaints.filter((it) => it.grave);
  for (const { code, says } of complaints) if (grave?.says !== says) output.note(`${code}: ${says}.`);
  if (grave) throw new IntegrityError(grave.code, `${grave.code}: ${grave.says}. Keep a copy of the state folder as it is.`);
  return complaints.some(({ code }) => code !== 'CLOCK_DRIFT') ? 1 : 0;
}

function line({ current, newest, trouble }: Standing): string {
  const had = newest === null ? 'nothing yet' : `${current ? '' : `only size ${newest.size}, `}${spokenInstant(newest.at)}`;
  return trouble === null ? had : `${had}; ${trouble.since === 0 ? '' : `since ${spokenInstant(trouble.since)}: `}${trouble.says}`;
}

function none({ attended: { standings, quorum } }: LogStatus, kind: Standing['kind']): string {
  const its = standings.filter((it) => it.kind === kind);
  if (its.length === 0) return `: tickmark.yaml names no ${kind === 'witness' ? 'witness' : 'time-stamping authority'}`;
  return kind === 'witness' ? `: ${its.filter(({ current }) => current).length} of ${quorum} witnesses` : '';
}
