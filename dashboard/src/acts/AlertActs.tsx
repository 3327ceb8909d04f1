import { useState } from 'react';
import { useAnswer } from '../api/answer.tsx';
import { type Answer, send } from '../api/ask.ts';
import { ActSaid, useAct } from '../parts/Act.tsx';
import { SelectField, TextField } from '../parts/Form.tsx';
import { ActForm, PanelHeld } from './Acts.tsx';
import { useActing } from './may.ts';

type Whole = Answer<'alerts', 'read'>;

const CONCLUSIONS = [
  ['true_positive', 'It was what it said'],
  ['false_positive', 'It was nothing'],
  ['benign', 'It was so, and harmless'],
] as const;

/** What can be done about an alert, by whoever may. */
export const AlertActs = ({ alert }: { readonly alert: Whole }) => (useActing().may('alerts.act') ? <Acts alert={alert} /> : null);

function Acts({ alert }: { readonly alert: Whole }) {
  const { me, held } = useActing();
  const { act, busy, said } = useAct();
  const owners = useAnswer<Answer<'findingActs', 'owners'>>('/findings/owners');
  const [text, setText] = useState('');
  const [to, setTo] = useState(alert.assignee ?? '');
  const [conclusion, setConclusion] = useState<(typeof CONCLUSIONS)[number][0]>('true_positive');
  const path = `/alerts/${encodeURIComponent(alert.id)}`;
  const go = (what: string, body: unknown, says: string) =>
    void act(send<Whole>('POST', `${path}/${what}`, body), () => says).then((done) => done && setText(''));
  const written = text.trim() !== '';
  const people = owners.data?.owners.flatMap(({ name, email }) => (email === null ? [] : [{ name, email }])) ?? [];
  const all = me?.email != null && !people.some(({ email }) => email === me.email) ? [{ name: 'You', email: me.email }, ...people] : people;
  return (
    <section className="panel acting" aria-label="Answer it">
      <PanelHeld because={held} />
      {alert.acknowledged === null && (
        <div className="row">
          <button
            type="button"
            className="btn primary"
            disabled={busy || held !== null}
            onClick={() => go('acknowledge', {}, 'Acknowledged: its escalation stops.')}
          >
            Acknowledge
          </button>
        </div>
      )}
      <ActForm
        title="Assign"
        says="Whoever investigates sees it among their tasks."
        button="Assign"
        {...{ busy, held }}
        ready={to !== ''}
        onDo={() => go('assign', { to }, 'Assigned.')}
      >
        <SelectField
          name="Who investigates"
          none="Choose somebody"
          value={to}
          onChange={setTo}
          of={all.map(({ name, email }) => [email, `${name}, ${email}`] as const)}
        />
      </ActForm>
      <ActForm
        title="Add a note"
        says="What the investigation found so far."
        button="Record note"
        {...{ busy, held }}
        ready={written}
        onDo={() => go('notes', { note: text.trim() }, 'Noted.')}
      >
        <TextField name="What you found" value={text} rows={3} onChange={setText} />
      </ActForm>
      <ActForm
        title="Resolve"
        says="It ends with a conclusion and its cause."
        button="Record resolution"
        {...{ busy, held }}
        ready={written}
        onDo={() => go('resolve', { conclusion, cause: text.trim() }, 'Resolved.')}
      >
        <SelectField name="Conclusion" value={conclusion} onChange={setConclusion} of={CONCLUSIONS} />
        <TextField name="Its cause, and what was done" value={text} rows={3} onChange={setText} />
      </ActForm>
      <ActForm
        title="Put off for a day"
        says="It comes back then, and its escalation begins anew."
        button="Put off for a day"
        {...{ busy, held }}
        ready={written}
        onDo={() => go('snooze', { until: new Date(Date.now() + 86_400_000).toISOString(), note: text.trim() }, 'Put off for a day.')}
      >
        <TextField name="Why it can wait" value={text} onChange={setText} />
      </ActForm>
      <ActSaid said={said} />
    </section>
  );
}
