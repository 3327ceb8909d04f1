import { useState } from 'react';
import { Field, Form, InputField } from '../../parts/Form.tsx';
import type { Editor, Step } from './alerts.ts';

interface Draft {
  readonly after: string;
  readonly to: readonly string[];
}

/** Whom an alert reaches, step by step, until somebody acknowledges it. @param name of the route that is changed; `null`: of a new one */
export function RouteForm({ editor, name, onDone }: { readonly editor: Editor; readonly name: string | null; readonly onDone: () => void }) {
  const [called, setCalled] = useState(name ?? '');
  const there = name === null ? undefined : editor.alerts.routes?.[name];
  const [steps, setSteps] = useState<readonly Draft[]>((there ?? [{ to: [] }]).map(({ after = '0m', to }) => ({ after, to })));
  const put = (place: number, part: Partial<Draft>) => setSteps(steps.map((step, at) => (at === place ? { ...step, ...part } : step)));
  const toggled = ({ to }: Draft, channel: string) => (to.includes(channel) ? to.filter((its) => its !== channel) : [...to, channel]);
  const go = async () => {
    const written = steps.map(({ after, to }): Step => (after === '0m' || after === '' ? { to } : { after, to }));
    if (await editor.save({ routes: { ...editor.alerts.routes, [called]: written } }, `The route ${called} is in force.`)) onDone();
  };
  return (
    <Form
      button={name === null ? 'Add the route' : 'Save the route'}
      busy={editor.busy}
      ready={called !== '' && steps.every(({ to }) => to.length > 0)}
      beside={
        <>
          <button type="button" className="btn" onClick={() => setSteps([...steps, { after: '', to: [] }])}>
            Add a step
          </button>
          {steps.length > 1 && (
            <button type="button" className="btn" onClick={() => setSteps(steps.slice(0, -1))}>
              Take the last step away
            </button>
          )}
        </>
      }
      onDo={() => void go()}
    >
      {name === null && (
        <InputField name="Name of the route" id="route-name" hint="Lower-case letters, digits and hyphens: urgent" value={called} onChange={setCalled} />
      )}
      {steps.map((step, place) => (
        <fieldset key={place} className="stepping">
          <legend>{place === 0 ? 'First' : 'Then, while nobody has acknowledged it'}</legend>
          <Field name="So long after it was raised" hint={place === 0 ? '0m is at once.' : '30m, 4h, 1d; quiet hours are not counted.'}>
            {(id, hintId) => (
              <input
                id={id}
                className="field short-field"
                value={step.after}
                aria-describedby={hintId}
                onChange={({ target }) => put(place, { after: target.value })}
              />
            )}
          </Field>
          <div className="scopes" role="group" aria-label={`Channels of step ${place + 1}`}>
            {editor.channels.map((channel) => (
              <label key={channel}>
                <input type="checkbox" checked={step.to.includes(channel)} onChange={() => put(place, { to: toggled(step, channel) })} /> {channel}
              </label>
            ))}
          </div>
        </fieldset>
      ))}
    </Form>
  );
}
