import { useState } from 'react';
import { Answered, useAnswer } from '../api/answer.tsx';
import { type Answer, send } from '../api/ask.ts';
import { useMe } from '../api/me.ts';
import { ActSaid } from '../parts/Act.tsx';
import { Head } from '../parts/Facts.tsx';
import { Form, InputField, SelectField, TextField } from '../parts/Form.tsx';
import { Scroll } from '../parts/Scroll.tsx';
import { Panel, Records } from '../parts/Panel.tsx';
import { Glyph } from '../parts/Status.tsx';
import { spoken } from '../time.ts';
import { useCareful } from './Careful.tsx';
import { SettingsPage } from './Overview.tsx';
import { sized } from './sized.ts';

type View = Answer<'keeping', 'retention'>;
type Careful = ReturnType<typeof useCareful>;

/** What is kept how long, what should be gone, and what keeps it. */
export function RetentionPage() {
  const answer = useAnswer<View>('/retention');
  return (
    <SettingsPage>
      <Answered answer={answer}>{(view) => <Page view={view} />}</Answered>
    </SettingsPage>
  );
}

function Page({ view }: { readonly view: View }) {
  const me = useMe();
  const careful = useCareful();
  const [planned, setPlanned] = useState<string | null>(null);
  const mayWrite = me.data?.permissions.includes('settings.write') ?? false;
  return (
    <>
      <h1>{answerOf(view)}</h1>
      <p className="sub">
        An era is a class of evidence and a quarter. It may be disposed of when its quarter has ended and then the time of its class has passed; the log goes on
        proving that it was there.
      </p>
      {view.waiting.map((says) => (
        <p key={says} className="notice" role="note">
          {says}
        </p>
      ))}
      <ActSaid said={careful.said} />
      {careful.confirming}
      <Panel title="Eras" note={`${view.eras.length}`}>
        <Scroll>
          <table>
            <Head of={['Era', { num: 'Records' }, { num: 'Payloads' }, { num: 'Room' }, 'Kept until', 'Holds', { listen: 'Plan' }]} />
            <tbody>
              {view.eras.map(({ era, records, payloads, disposed, bytes, due, holds }) => (
                <tr key={era} data-row aria-current={planned === era ? 'true' : undefined}>
                  <td className="mono nowrap">{era}</td>
                  <td className="num">{records.toLocaleString('en')}</td>
                  <td className="num">
                    {payloads.toLocaleString('en')}
                    {disposed > 0 && <span className="sub2">{disposed === payloads ? 'all' : disposed.toLocaleString('en')} disposed of</span>}
                  </td>
                  <td className="num nowrap">{sized(bytes)}</td>
                  <td className="nowrap">
                    <Due due={due} asOf={view.asOf} gone={disposed === payloads && payloads > 0} />
                  </td>
                  <td>{holds.length === 0 ? 'none' : <Records of={holds} />}</td>
                  <td className="nowrap">
                    <button
                      type="button"
                      className="linkish"
                      aria-label={`Plan the disposal of ${era}`}
                      onClick={() => setPlanned(planned === era ? null : era)}
                    >
                      What would go
                    </button>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </Scroll>
      </Panel>
      {planned !== null && <Plan key={planned} era={planned} />}
      <div className="half">
        <Panel title="How long" note="from the end of the quarter; retention: in tickmark.yaml">
          <Scroll>
            <table>
              <Head of={['Class', 'Kept']} />
              <tbody>
                {view.classes.map(({ name, kept }) => (
                  <tr key={name} data-row>
                    <td className="mono">{name}</td>
                    <td>{kept}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </Scroll>
        </Panel>
        <Holds view={view} mayWrite={mayWrite} careful={careful} />
      </div>
      {mayWrite && <Place eras={view.eras.map(({ era }) => era)} careful={careful} />}
    </>
  );
}

const isDue = ({ asOf }: Pick<View, 'asOf'>, { due, disposed, payloads }: View['eras'][number]): boolean =>
  due !== null && Date.parse(due) <= Date.parse(asOf) && disposed < payloads;

function answerOf(view: View): string {
  const due = view.eras.filter((era) => isDue(view, era));
  const held = due.filter(({ holds }) => holds.length > 0).length;
  const next = view.eras.flatMap((era) => (era.due !== null && !isDue(view, era) && era.disposed < era.payloads ? [era.due] : [])).sort()[0];
  if (due.length === 0) return next === undefined ? 'Nothing is due to be disposed of.' : `Nothing is due to be disposed of before ${next.slice(0, 10)}.`;
  const are = `${due.length} of ${view.eras.length} eras ${due.length === 1 ? 'is' : 'are'} due to be disposed of`;
  return held === 0 ? `${are}.` : `${are}; a hold keeps ${held === due.length && held === 1 ? 'it' : held}.`;
}

function Due({ due, asOf, gone }: { readonly due: string | null; readonly asOf: string; readonly gone: boolean }) {
  if (gone) return <span className="faint">disposed of</span>;
  if (due === null)
    return (
      <>
        <Glyph of="unknown" label="Unknown" /> <b className="c-unknown">its class is not in tickmark.yaml</b>
      </>
    );
  if (Date.parse(due) > Date.parse(asOf)) return due.slice(0, 10);
  return (
    <>
      <Glyph of="unknown" label="Due" /> <b className="c-unknown">due since {due.slice(0, 10)}</b>
    </>
  );
}

/** What a disposal would destroy. It is done at the command line: what cannot be undone is not a button. */
function Plan({ era }: { readonly era: string }) {
  const answer = useAnswer<Answer<'keeping', 'plan'>>('/retention/plan', { era });
  const [copied, setCopied] = useState(false);
  if (!answer.data) return null;
  const { parts, also, refusals } = answer.data;
  const command = `npx tickmark dispose --era ${era} --reason "retention ended" --approver YOUR-ADDRESS --yes`;
  return (
    <Panel title={`What would go with ${era}`} note="nothing is done here">
      <div className="pad">
        {parts.map((part) => (
          <p key={part.era}>
            {part.payloads === 'all' ? 'All' : ''} {part.count.toLocaleString('en')} payloads, {sized(part.bytes)}, kept until{' '}
            {part.due === null ? 'its class is named in tickmark.yaml' : part.due.slice(0, 10)}.
          </p>
        ))}
        {also.length > 0 && (
          <p>
            Other records hold some of the same bytes, and lose them: <Records of={also} most={12} />
          </p>
        )}
        {refusals.length > 0 ? (
          <>
            <p>It would be refused:</p>
            <ul className="numbered">
              {refusals.map((says) => (
                <li key={says}>{says}</li>
              ))}
            </ul>
          </>
        ) : (
          <>
            <p>It cannot be undone, so it is done at the command line of the server, by two people: who does it, and who approves.</p>
            <pre>{command}</pre>
            <div className="row">
              <button type="button" className="btn" onClick={() => void navigator.clipboard.writeText(command).then(() => setCopied(true))}>
                {copied ? 'Copied' : 'Copy the command'}
              </button>
            </div>
          </>
        )}
      </div>
    </Panel>
  );
}

function Holds({ view: { holds }, mayWrite, careful: { act, busy } }: { readonly view: View; readonly mayWrite: boolean; readonly careful: Careful }) {
  const [releasing, setReleasing] = useState<number | null>(null);
  const [reason, setReason] = useState('');
  const release = () =>
    void act(
      () => send<Answer<'keeping', 'release'>>('POST', `/holds/${releasing}/release`, { reason: reason.trim() }),
      ({ record }) => `Record ${record} releases the hold.`,
    ).then((done) => {
      if (!done) return;
      setReleasing(null);
      setReason('');
    });
  return (
    <Panel title="Holds" note={holds.length === 0 ? 'none stands' : `${holds.length}`}>
      {holds.length === 0 ? (
        <p className="none">No hold stands: nothing is kept beyond its time.</p>
      ) : (
        <ul className="next">
          {holds.map(({ record, at, says, by, reason: why }) => (
            <li key={record} data-row>
              <b>{spoken(at)}</b>
              <span>
                {says}, by <bdi>{by ?? 'nobody any more'}</bdi>: <bdi>{why ?? 'why was disposed of'}</bdi> <Records of={[record]} />{' '}
                {mayWrite && (
                  <button type="button" className="linkish" onClick={() => setReleasing(releasing === record ? null : record)}>
                    Release
                  </button>
                )}
              </span>
            </li>
          ))}
        </ul>
      )}
      {releasing !== null && (
        <Form button="Record the release" busy={busy} ready={reason.trim().length >= 3} onDo={release}>
          <TextField name={`Why the hold of record ${releasing} is released`} required value={reason} onChange={setReason} />
        </Form>
      )}
    </Panel>
  );
}

const KINDS = { era: 'an era', source: 'all that a source said', records: 'single records' } as const;

function Place({ eras, careful: { act, busy } }: { readonly eras: readonly string[]; readonly careful: Careful }) {
  const [kind, setKind] = useState<keyof typeof KINDS>('era');
  const [text, setText] = useState('');
  const [reason, setReason] = useState('');
  const indexes = text.split(/[\s,#]+/).filter((its) => /^\d+$/.test(its));
  const what = kind === 'era' ? { era: text || (eras[0] ?? '') } : kind === 'source' ? { source: text.trim() } : { records: indexes.map(Number) };
  const isReady = reason.trim().length >= 3 && (kind === 'era' || (kind === 'source' ? text.trim() !== '' : indexes.length > 0));
  const place = () =>
    void act(
      () => send<Answer<'keeping', 'place'>>('POST', '/holds', { what, reason: reason.trim() }),
      ({ record }) => `Record ${record} places the hold.`,
    ).then((done) => {
      if (!done) return;
      setText('');
      setReason('');
    });
  return (
    <Panel title="Place a hold" note="a record: what it keeps in the open, why and by whom in confidence">
      <Form button="Record the hold" busy={busy} ready={isReady} onDo={place}>
        <SelectField
          name="It keeps"
          value={kind}
          of={Object.entries(KINDS) as [keyof typeof KINDS, string][]}
          onChange={(chosen) => {
            setKind(chosen);
            setText('');
          }}
        />
        {kind === 'era' ? (
          <SelectField name="Era" value={text} onChange={setText} of={eras.map((era) => [era, era] as const)} />
        ) : (
          <InputField
            name={kind === 'source' ? 'Source, as collector/name' : 'Indexes of records'}
            maxLength={2000}
            placeholder={kind === 'source' ? 'github/organization/main' : '4711 4712'}
            value={text}
            onChange={setText}
          />
        )}
        <TextField id="hold-reason" name="Why" required value={reason} onChange={setReason} />
      </Form>
    </Panel>
  );
}
