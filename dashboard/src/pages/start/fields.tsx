import { useId } from 'react';
import { Labelled } from '../../parts/SchemaForm.tsx';

/** One line of text. */
export function Text({
  name,
  value,
  set,
  hint,
  says,
  type = 'text',
}: {
  readonly name: string;
  readonly value: string;
  readonly set: (value: string) => void;
  readonly hint: string;
  readonly says: string | null;
  readonly type?: 'text' | 'date' | 'email';
}) {
  const id = useId();
  return (
    <Labelled id={id} name={name} needed hint={hint} says={says}>
      <input
        id={id}
        className="field"
        type={type}
        required
        autoComplete="off"
        aria-invalid={says !== null}
        aria-describedby={`${id}-hint${says === null ? '' : ` ${id}-wrong`}`}
        value={value}
        onChange={({ target }) => set(target.value)}
      />
    </Labelled>
  );
}

/** Several of a list. */
export function Several({
  legend,
  hint,
  of,
  value,
  set,
}: {
  readonly legend: string;
  readonly hint: string;
  readonly of: readonly { readonly id: string; readonly name: string; readonly fixed?: boolean }[];
  readonly value: readonly string[];
  readonly set: (value: readonly string[]) => void;
}) {
  return (
    <fieldset className="group">
      <legend>{legend}</legend>
      <p className="hint">{hint}.</p>
      <div className="several">
        {of.map(({ id, name, fixed = false }) => (
          <label key={id} className="check">
            <input
              type="checkbox"
              checked={value.includes(id)}
              disabled={fixed}
              onChange={({ target }) => set(target.checked ? [...value, id] : value.filter((it) => it !== id))}
            />{' '}
            {name}
          </label>
        ))}
      </div>
    </fieldset>
  );
}
