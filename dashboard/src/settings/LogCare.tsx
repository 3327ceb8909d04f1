import { Link } from '@tanstack/react-router';
import { Answered, useAnswer } from '../api/answer.tsx';
import { type Answer, send } from '../api/ask.ts';
import { useMe } from '../api/me.ts';
import { ActSaid, useAct } from '../parts/Act.tsx';
import { Fact, Head } from '../parts/Facts.tsx';
import { Scroll } from '../parts/Scroll.tsx';
import { Panel, Records } from '../parts/Panel.tsx';
import { Glyph } from '../parts/Status.tsx';
import { spoken, useTime } from '../time.ts';
import { SettingsPage } from './Overview.tsx';
import { sized } from './sized.ts';

type Status = Answer<'log', 'status'>;
type Read = Answer<'settings', 'readAgain'>;
type Pass = NonNullable<Read['last']>;

/** How the log is, and what reading it again has found. */
export function LogCarePage() {
  const read = useAnswer<Read>('/log/scrub');
  const status = useAnswer<Status>('/log/status');
  return (
    <SettingsPage>
      <Answered answer={read}>{(its) => (status.isPending ? null : <Page read={its} status={status.data} />)}</Answered>
    </SettingsPage>
  );
}

function Page({ read, status }: { readonly read: Read; readonly status: Status | undefined }) {
  const me = useMe();
  const { act, busy, said } = useAct();
  const mayWrite = me.data?.permissions.includes('settings.write') ?? false;
  return (
    <>
      <h1>{answerOf(read, status)}</h1>
      <p className="sub">Disks lose what is not read: every entry, tile, statement, payload and key is read again and compared with the signed root.</p>
      {status?.complaints.map(({ code, says, grave }) => (
        <p key={`${code} ${says}`} className={grave ? 'notice bad' : 'notice'} role={grave ? 'alert' : 'note'}>
          <b>{code}</b> {says}
        </p>
      ))}
      {status && <Facts status={status} />}
      {mayWrite && (
        <div className="row acts">
          <button
            type="button"
            className="btn"
            disabled={busy}
            onClick={() =>
              void act(send<Read>('POST', '/log/scrub', { seconds: 5 }), ({ running, last }) =>
                running ? `Read up to record ${running.position.toLocaleString('en')} of ${running.size.toLocaleString('en')}.` : foundIn(last),
              )
            }
          >
            Read on for five seconds
          </button>
          <button
            type="button"
            className="btn"
            disabled={busy}
            onClick={() =>
              void act(
                send<Answer<'settings', 'attend'>>('POST', '/log/attend'),
                ({ witnessed, timestamped }) =>
                  `The newest checkpoint is ${witnessed ? 'witnessed' : 'not witnessed'} and ${timestamped ? 'time-stamped' : 'not time-stamped'}.`,
              )
            }
          >
            Bring the checkpoint to witnesses
          </button>
          <ActSaid said={said} />
        </div>
      )}
      <div className="half">
        <ReadAgain read={read} />
        <Room />
      </div>
      <Panel title="At the command line" note="what takes minutes, or needs the bucket">
        <dl className="kv pad wide">
          <dt>
            <code>npx tickmark log fsck</code>
          </dt>
          <dd>verifies everything at once, and notes here what it found</dd>
          <dt>
            <code>npx tickmark log self-test</code>
          </dt>
          <dd>tries whether the bucket honours what the archive rests on; where it lies in a folder there is nothing to try</dd>
          <dt>
            <code>npx tickmark log pin</code>
          </dt>
          <dd>for the auditor: keeps a checkpoint where this company cannot change it</dd>
        </dl>
      </Panel>
    </>
  );
}

function answerOf({ last, running }: Read, status: Status | undefined): string {
  const problems = (running?.problems.length ?? 0) + (last?.problems.length ?? 0);
  const size = status?.checkpoint.size ?? last?.size ?? 0;
  if (problems > 0)
    return `Reading the log again found ${problems} ${problems === 1 ? 'thing' : 'things'} that ${problems === 1 ? 'is' : 'are'} not as sealed.`;
  if (last === null) return `${size.toLocaleString('en')} records, not read again from end to end yet.`;
  return `${last.size.toLocaleString('en')} of ${size.toLocaleString('en')} records were read again, and no damage was found.`;
}

const foundIn = (last: Pass | null): string =>
  last === null
    ? 'Nothing was read.'
    : `All ${last.size.toLocaleString('en')} records were read, ${last.problems.length === 0 ? 'no damage' : `${last.problems.length} problems`}.`;

function Facts({ status }: { readonly status: Status }) {
  const time = useTime();
  const witnesses = status.anchors.filter(({ kind }) => kind === 'witness');
  const authorities = status.anchors.filter(({ kind }) => kind === 'authority');
  return (
    <dl className="facts">
      <Fact name="Checkpoint">
        <Link className="link" to="/log" search={time}>
          {status.checkpoint.size.toLocaleString('en')} records
        </Link>
      </Fact>
      <Fact name="Newest record">{status.sealedAt === null ? 'none' : spoken(status.sealedAt)}</Fact>
      <Fact name="Witnesses">
        {witnesses.length === 0 ? (
          <>
            <Glyph of="unknown" label="None" /> none: nobody outside vouches for it
          </>
        ) : (
          `${witnesses.filter(({ current }) => current).length} of ${witnesses.length} current, ${status.quorum} wanted`
        )}
      </Fact>
      <Fact name="Time stamps">
        {authorities.length === 0 ? (
          <>
            <Glyph of="unknown" label="None" /> none
          </>
        ) : (
          `${authorities.filter(({ current }) => current).length} of ${authorities.length} current`
        )}
      </Fact>
    </dl>
  );
}

function ReadAgain({ read: { running, last } }: { readonly read: Read }) {
  return (
    <Panel title="Read again" note={running ? 'goes on' : last ? 'ended' : 'not begun'}>
      {running && <PassRows pass={running} />}
      {last ? <PassRows pass={last} /> : !running && <p className="none">The server reads a part each hour, and begins again a day after it has read all.</p>}
    </Panel>
  );
}

function PassRows({ pass }: { readonly pass: Pass }) {
  return (
    <>
      <dl className="kv pad">
        <dt>Begun</dt>
        <dd>{spoken(pass.startedAt)}</dd>
        <dt>{pass.finishedAt === null ? 'So far' : 'Ended'}</dt>
        <dd>
          {pass.finishedAt === null ? '' : `${spoken(pass.finishedAt)}, `}
          {pass.position.toLocaleString('en')} of {pass.size.toLocaleString('en')} records, {pass.payloads.toLocaleString('en')} payloads
          {pass.disposed > 0 && `, ${pass.disposed.toLocaleString('en')} disposed of by record`}
        </dd>
        <dt>Found</dt>
        <dd>
          {pass.problems.length === 0 ? (
            <>
              <Glyph of="pass" label="Nothing" /> no damage
            </>
          ) : (
            <b className="c-fail">{pass.problems.length} problems</b>
          )}
        </dd>
      </dl>
      {pass.problems.length > 0 && (
        <div className="scroll short">
          <table>
            <Head of={['What', 'File', 'Record', 'Says']} />
            <tbody>
              {pass.problems.map(({ code, file, index, says }) => (
                <tr key={`${code} ${file} ${index} ${says}`} data-row>
                  <td>
                    <Glyph of="fail" label="Damage" /> {code}
                  </td>
                  <td className="mono">{file}</td>
                  <td>{index !== null && <Records of={[index]} />}</td>
                  <td>{says}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </>
  );
}

function Room() {
  const answer = useAnswer<Answer<'settings', 'room'>>('/log/room');
  if (!answer.data) return null;
  const { place, lock, parts } = answer.data;
  return (
    <Panel title="Room" note={lock === null ? `in ${place}` : `${place}, Object Lock ${lock}; on this machine:`}>
      <Scroll>
        <table>
          <Head of={['Part', { num: 'Files' }, { num: 'Room' }]} />
          <tbody>
            {parts.map(({ part, bytes, files }) => (
              <tr key={part} data-row>
                <td>{part}</td>
                <td className="num">{files.toLocaleString('en')}</td>
                <td className="num nowrap">{sized(bytes)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
    </Panel>
  );
}
