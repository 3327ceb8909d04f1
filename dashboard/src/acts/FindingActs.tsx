import { useState } from 'react';
import { useAnswer } from '../api/answer.tsx';
import { type Answer, send } from '../api/ask.ts';
import { ActSaid, useAct } from '../parts/Act.tsx';
import { spoken } from '../time.ts';
import { InputField, SelectField, TextField } from '../parts/Form.tsx';
import { ActForm, Held, PanelHeld } from './Acts.tsx';
import { useActing } from './may.ts';
import { canSign, signed } from './sign.ts';

type Finding = Answer<'findings', 'read'>['finding'];
type Done = Answer<'findingActs', 'act'>;

/** What can be done about a finding, by whoever may. */
export function FindingActs({ finding }: { readonly finding: Finding }) {
  const { may, held } = useActing();
  const { act, busy, said } = useAct();
  const [text, setText] = useState('');
  const [until, setUntil] = useState('');
  if (!may('findings.act')) return null;
  const over = finding.state === 'fixed' || finding.state === 'closed';
  const go = (body: Readonly<Record<string, unknown>>, says: string) =>
    void act(
      send<Done>('POST', `/findings/${encodeURIComponent(finding.id)}/acts`, { act: body }),
      ({ done }) => `${says} It is record ${done[0]?.record ?? ''}.`,
    ).then((done) => done && setText(''));
  const written = text.trim() !== '';
  const states = may('statements.make');
  return (
    <section className="panel acting" aria-label="What can be done">
      <PanelHeld because={held} />
      {!over && <Assign finding={finding} busy={busy} held={held} onDo={(owner) => go({ do: 'assign', owner }, 'Assigned.')} />}
      {!over && states && (
        <ActForm
          title="Say that it is worked on"
          says="It moves to In remediation. Its due date stays."
          button="Record remediation"
          {...{ busy, held }}
          ready={written}
          onDo={() => go({ do: 'remediate', text: text.trim() }, 'In remediation.')}
        >
          <TextField name="What is done about it" value={text} onChange={setText} />
        </ActForm>
      )}
      {!over && states && (
        <ActForm
          title={finding.event ? 'Ask to close it' : 'Say that it is fixed'}
          says={
            finding.event
              ? 'It happened and cannot be undone: it closes once another approves what was done about it.'
              : 'It awaits its proof. Only a collection that shows it gone closes it.'
          }
          button={finding.event ? 'Ask to close' : 'Record as done'}
          {...{ busy, held }}
          ready={written}
          onDo={() =>
            go({ do: finding.event ? 'close' : 'done', text: text.trim() }, finding.event ? 'Asked: another has to approve it.' : 'It awaits its proof.')
          }
        >
          <TextField name="What was done" value={text} onChange={setText} />
        </ActForm>
      )}
      {!over && states && finding.waiver === null && (
        <ActForm
          title="Ask for a waiver"
          says="Accepted for a time, by somebody else than you and than whom it belongs to. It stays a deviation, and shows as waived."
          button="Ask for the waiver"
          {...{ busy, held }}
          ready={written && until !== ''}
          onDo={() => go({ do: 'waive', text: text.trim(), until }, 'Asked: another has to approve it.')}
        >
          <TextField name="Why it is to be accepted" value={text} onChange={setText} />
          <InputField name="Last day" hint="That day included; a year ahead at most." type="date" value={until} onChange={setUntil} />
        </ActForm>
      )}
      <ActForm
        title="Add a note"
        says="It is kept with the finding, and changes nothing else."
        button="Record note"
        {...{ busy, held }}
        ready={written}
        onDo={() => go({ do: 'note', text: text.trim() }, 'Noted.')}
      >
        <TextField name="Note" value={text} onChange={setText} />
      </ActForm>
      <ActSaid said={said} />
    </section>
  );
}

function Assign({
  finding,
  busy,
  held,
  onDo,
}: {
  readonly finding: Finding;
  readonly busy: boolean;
  readonly held: string | null;
  readonly onDo: (owner: string) => void;
}) {
  const [owner, setOwner] = useState(finding.ownerId ?? '');
  return (
    <ActForm
      title={finding.assigned ? 'Assign to somebody else' : 'Assign an owner'}
      says="Whoever answers for it sees it among their tasks."
      button="Assign"
      {...{ busy, held }}
      ready={owner !== ''}
      onDo={() => onDo(owner)}
    >
      <OwnerField value={owner} onChange={setOwner} />
    </ActForm>
  );
}

/** Whoever may answer for something, by what HR tells. */
function OwnerField({ value, onChange }: { readonly value: string; readonly onChange: (owner: string) => void }) {
  const { data } = useAnswer<Answer<'findingActs', 'owners'>>('/findings/owners');
  return (
    <SelectField
      name="Owner"
      hint={data?.owners.length === 0 ? 'HR tells of nobody: connect a source of people first.' : undefined}
      none="Choose somebody"
      value={value}
      onChange={onChange}
      of={data?.owners.map(({ id, name, title }) => [id, title === null ? name : `${name}, ${title}`] as const) ?? []}
    />
  );
}

type Line = Answer<'findings', 'waivers'>['waivers'][number];

/** A waiver that was asked for: who asks, why, up to when, and the decision for whoever may take it. */
export function WaiverAsked({ line }: { readonly line: Line }) {
  const { me, may, held } = useActing();
  const { act, busy, said } = useAct();
  const [reason, setReason] = useState('');
  const [passkey, setPasskey] = useState(false);
  const own = line.askedBy === me?.email;
  const path = `/waivers/${encodeURIComponent(line.id)}`;
  const approve = (): Promise<{ readonly record: number }> =>
    passkey ? signed({ kind: 'waivers', act: 'approve', entry: { id: line.id } }) : send<Answer<'findingActs', 'approveWaiver'>>('POST', `${path}/approve`);
  const stands = line.state === 'in force';
  return (
    <section className={stands ? 'panel acting waiver-asked stands' : 'panel acting waiver-asked'} aria-label={stands ? 'The waiver' : 'A waiver is asked for'}>
      <h2>{stands ? 'The waiver that stands' : 'A waiver is asked for'}</h2>
      <p>
        <bdi>{line.askedBy ?? 'Somebody'}</bdi> {stands ? 'asked' : 'asks'} on {line.askedAt === null ? 'an unknown day' : spoken(line.askedAt)}, up to{' '}
        {line.until === null ? 'no day at all' : spoken(line.until)}: <bdi>{line.reason}</bdi>
      </p>
      <p className="faint">{line.says}</p>
      {may('statements.approve') && line.statement !== null && (
        <>
          <Held because={held ?? (own && !stands ? 'You asked for it: somebody else decides.' : null)} />
          {!stands && !own && (
            <div className="row">
              <button
                type="button"
                className="btn primary"
                disabled={busy || held !== null}
                onClick={() => void act(approve(), ({ record }) => `Approved: it shows as waived from now on. It is record ${record}.`)}
              >
                Approve the waiver
              </button>
              {canSign() && me?.factors.some(({ kind }) => kind === 'passkey') && (
                <label className="tick">
                  <input type="checkbox" checked={passkey} onChange={({ target }) => setPasskey(target.checked)} /> Sign with my passkey
                </label>
              )}
            </div>
          )}
          <TextField name={stands ? 'Why it is revoked' : own ? 'Why you take it back' : 'Why it is refused'} value={reason} rows={1} onChange={setReason} />
          <div className="row">
            <button
              type="button"
              className="btn"
              disabled={busy || held !== null || reason.trim() === ''}
              onClick={() =>
                void act(
                  send<Answer<'findingActs', 'refuseWaiver'>>('POST', `${path}/refuse`, { reason: reason.trim() }),
                  ({ record }) => `It counts no more. It is record ${record}.`,
                )
              }
            >
              {stands ? 'Revoke the waiver' : own ? 'Take it back' : 'Refuse the waiver'}
            </button>
          </div>
        </>
      )}
      <ActSaid said={said} />
    </section>
  );
}

/** The same about all findings that a question finds. */
export const ActOnAll = (asked: Asked) => (useActing().may('findings.act') && asked.count > 0 ? <OnAll {...asked} /> : null);

interface Asked {
  readonly state: 'open' | 'in remediation' | 'overdue';
  readonly count: number;
}

function OnAll({ state, count }: Asked) {
  const { held } = useActing();
  const { act, busy, said } = useAct();
  const [owner, setOwner] = useState('');
  const [text, setText] = useState('');
  const go = (body: Readonly<Record<string, unknown>>) =>
    void act(send<Done>('POST', '/findings/acts', { of: { state }, act: body }), ({ done, refused }) =>
      refused.length === 0 ? `Done to ${done.length}.` : `Done to ${done.length}. To ${refused.length} it could not be done: ${refused[0]?.says ?? ''}`,
    );
  return (
    <section className="panel acting" aria-label="Act on all">
      <PanelHeld because={held} />
      <ActForm
        title={`Assign all ${count} that are ${state}`}
        says="One record for each."
        button={`Assign all ${count}`}
        {...{ busy, held }}
        ready={owner !== ''}
        onDo={() => go({ do: 'assign', owner })}
      >
        <OwnerField value={owner} onChange={setOwner} />
      </ActForm>
      <ActForm
        title={`Say of all ${count} that they are worked on`}
        says="One record for each. Their due dates stay."
        button={`Record remediation of all ${count}`}
        {...{ busy, held }}
        ready={text.trim() !== ''}
        onDo={() => go({ do: 'remediate', text: text.trim() })}
      >
        <TextField name="What is done about them" value={text} onChange={setText} />
      </ActForm>
      <ActSaid said={said} />
    </section>
  );
}
