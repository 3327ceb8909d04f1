import { type FormEvent, useState } from 'react';
import { Loading, Refused, useAnswer } from '../api/answer.tsx';
import { type Answer, send } from '../api/ask.ts';
import { ActSaid, useAct } from '../parts/Act.tsx';
import { Field } from '../parts/Form.tsx';
import { Held } from './Acts.tsx';
import { useMe } from './may.ts';
import { canSign, signed } from './sign.ts';

type Kind = Answer<'statements', 'kinds'>['kinds'][number];
type Written = Kind['fields'][number];
type Made = Answer<'statements', 'state'>;

/** A form for one kind of statement, made of what its schema asks. */
export function StatementForm({ kind, held }: { readonly kind: string; readonly held: string | null }) {
  const answer = useAnswer<Answer<'statements', 'kinds'>>('/statements/kinds');
  if (answer.error) return <Refused problem={answer.error} />;
  const its = answer.data?.kinds.find(({ id }) => id === kind);
  return its ? <Form key={kind} kind={its} held={held} /> : <Loading />;
}

/** An id that nobody has given yet: the day, and enough of chance. */
export function newId(kind: string): string {
  const day = new Date().toISOString().slice(0, 10).replaceAll('-', '');
  const chance = crypto.getRandomValues(new Uint8Array(3));
  return `${kind.slice(0, 2).toUpperCase()}-${day}-${[...chance].map((byte) => byte.toString(16).padStart(2, '0')).join('')}`;
}

/** States an entry; signed by a passkey, where that is wished. Throws `Problem`. */
export const stated = (kind: string, entry: Readonly<Record<string, unknown>>, passkey: boolean): Promise<Made> =>
  passkey ? signed({ kind, act: 'state', entry }) : send<Made>('POST', '/statements', { kind, entry });

/** Whether a passkey is to sign it; nothing where who is signed in has none. */
export function PasskeyTick({ ticked, onTick }: { readonly ticked: boolean; readonly onTick: (ticked: boolean) => void }) {
  const me = useMe();
  if (!canSign() || !me?.factors.some((factor) => factor.kind === 'passkey')) return null;
  return (
    <label className="tick">
      <input type="checkbox" checked={ticked} onChange={({ target }) => onTick(target.checked)} /> Sign with my passkey
    </label>
  );
}

function Form({ kind, held }: { readonly kind: Kind; readonly held: string | null }) {
  const { act, busy, said } = useAct();
  const [values, setValues] = useState<Readonly<Record<string, string>>>(() => ({ id: newId(kind.id) }));
  const [passkey, setPasskey] = useState(false);
  const [asked, rest] = [
    kind.fields.filter(({ required, name }) => required || name === 'id'),
    kind.fields.filter(({ required, name }) => !required && name !== 'id'),
  ];
  const ready = asked.every(({ name }) => (values[name] ?? '').trim() !== '');
  const go = (event: FormEvent) => {
    event.preventDefault();
    if (held !== null || busy || !ready) return;
    const entry = entryOf(kind.fields, values);
    void act(stated(kind.id, entry, passkey), saidOf(kind)).then((made) => made && setValues({ id: newId(kind.id) }));
  };
  const field = (its: Written) => (
    <ValueField
      key={its.name}
      of={its}
      example={kind.example[its.name]}
      value={values[its.name] ?? ''}
      onChange={(value) => setValues({ ...values, [its.name]: value })}
    />
  );
  return (
    <form className="statement-form" onSubmit={go} aria-label={kind.title}>
      <div className="fields">{asked.map(field)}</div>
      {rest.length > 0 && (
        <details>
          <summary>{rest.length} more that it may say</summary>
          <div className="fields">{rest.map(field)}</div>
        </details>
      )}
      <Held because={held} />
      <div className="row">
        <button type="submit" className="btn primary" disabled={busy || held !== null || !ready}>
          State it
        </button>
        <PasskeyTick ticked={passkey} onTick={setPasskey} />
      </div>
      <ActSaid said={said} />
    </form>
  );
}

const saidOf =
  ({ needsApproval }: Kind) =>
  ({ record, authenticated, because }: Made): string => {
    if (!authenticated) return `Stated in record ${record}. It is not authenticated, and approves nothing: ${because ?? 'nothing shows who you are'}.`;
    return needsApproval ? `Stated in record ${record}. It counts once somebody else approves it.` : `Stated in record ${record}.`;
  };

/** What was filled in, as registers write it. */
function entryOf(fields: readonly Written[], values: Readonly<Record<string, string>>): Readonly<Record<string, unknown>> {
  const written = fields.flatMap(({ name, takes }): [string, unknown][] => {
    const text = (values[name] ?? '').trim();
    if (text === '') return [];
    if (takes === 'list') return [[name, text.split(/\s*,\s*/).filter((part) => part !== '')]];
    if (takes === 'number') return [[name, Number(text)]];
    if (takes === 'boolean') return [[name, text === 'yes']];
    return [[name, text]];
  });
  return Object.fromEntries(written);
}

interface ValueFieldProps {
  readonly of: Written;
  readonly example: unknown;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

function ValueField({ of: { name, meaning, takes, words, required, ends }, example, value, onChange }: ValueFieldProps) {
  const hint = `${meaning}${takes === 'list' ? '. Several with commas' : ''}${takes === 'instant' ? (ends ? '. That day included' : '. A day, or an instant with its zone') : ''}`;
  const choices = takes === 'boolean' ? ['yes', 'no'] : takes === 'word' ? words : null;
  return (
    <Field name={required ? name : `${name} (optional)`} hint={hint}>
      {(id, hintId) =>
        choices ? (
          <select id={id} value={value} aria-describedby={hintId} onChange={({ target }) => onChange(target.value)}>
            <option value="">Choose</option>
            {choices.map((word) => (
              <option key={word} value={word}>
                {word}
              </option>
            ))}
          </select>
        ) : (
          <input
            id={id}
            className="field"
            value={value}
            inputMode={takes === 'number' ? 'numeric' : undefined}
            placeholder={typeof example === 'object' && !Array.isArray(example) ? undefined : `like ${String(example)}`}
            aria-describedby={hintId}
            onChange={({ target }) => onChange(target.value)}
          />
        )
      }
    </Field>
  );
}
