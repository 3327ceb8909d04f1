import { type ComponentProps, type FormEvent, type ReactNode, useId } from 'react';

/** What the buttons of a panel are described by while they cannot be pressed. */
export const HELD = 'held-why';

/** Fields, and the button that does what they are for. Whatever refuses says so beside it. */
export function Form({
  button,
  busy,
  held = null,
  ready = true,
  isQuiet = false,
  beside,
  className = 'acting',
  onDo,
  children,
}: {
  readonly button: string;
  readonly busy: boolean;
  /** Why it cannot be done now, whatever is written. */
  readonly held?: string | null;
  /** All that it needs is there. */
  readonly ready?: boolean;
  /** One of several ways on, none of which is the first. */
  readonly isQuiet?: boolean;
  /** Further buttons. */
  readonly beside?: ReactNode;
  readonly className?: string | undefined;
  readonly onDo: () => void;
  readonly children: ReactNode;
}) {
  const go = (event: FormEvent) => {
    event.preventDefault();
    if (held === null && ready && !busy) onDo();
  };
  return (
    <form className={className} onSubmit={go}>
      {children}
      <div className="row">
        <button
          type="submit"
          className={isQuiet ? 'btn' : 'btn primary'}
          disabled={busy || held !== null || !ready}
          aria-describedby={held === null ? undefined : HELD}
        >
          {button}
        </button>
        {beside}
      </div>
    </form>
  );
}

interface Named {
  /** Over the field. */
  readonly name: string;
  /** What it means, below it. */
  readonly hint?: string | undefined;
  readonly id?: string;
}

/** A field with its name over it, and what it means below. */
export function Field({ name, hint, id: given, children }: Named & { readonly children: (id: string, hintId: string | undefined) => ReactNode }) {
  const made = useId();
  const id = given ?? made;
  return (
    <div className="named-field">
      <label htmlFor={id}>{name}</label>
      {children(id, hint === undefined ? undefined : `${id}-hint`)}
      {hint !== undefined && (
        <small id={`${id}-hint`} className="faint">
          {hint}
        </small>
      )}
    </div>
  );
}

interface Written extends Named {
  readonly value: string;
  readonly onChange: (text: string) => void;
}

export const InputField = ({
  name,
  hint,
  id: given,
  value,
  onChange,
  isShort = false,
  ...input
}: Written & { readonly isShort?: boolean } & Omit<ComponentProps<'input'>, keyof Written | 'className'>) => (
  <Field name={name} hint={hint} {...(given === undefined ? {} : { id: given })}>
    {(id, hintId) => (
      <input
        {...input}
        id={id}
        className={isShort ? 'field short-field' : 'field'}
        value={value}
        aria-describedby={hintId}
        onChange={({ target }) => onChange(target.value)}
      />
    )}
  </Field>
);

export const TextField = ({
  name,
  hint,
  id: given,
  value,
  onChange,
  rows = 2,
  required,
}: Written & { readonly rows?: number; readonly required?: boolean }) => (
  <Field name={name} hint={hint} {...(given === undefined ? {} : { id: given })}>
    {(id, hintId) => (
      <textarea
        id={id}
        rows={rows}
        maxLength={2000}
        required={required}
        value={value}
        aria-describedby={hintId}
        onChange={({ target }) => onChange(target.value)}
      />
    )}
  </Field>
);

/** One of several: what is sent, and how it reads. Without `none` the first is chosen. */
export const SelectField = <Value extends string>({
  name,
  hint,
  id: given,
  value,
  onChange,
  of,
  none,
}: Named & {
  readonly value: Value | '';
  readonly onChange: (value: Value) => void;
  readonly of: readonly (readonly [value: Value, says: string])[];
  /** What is said while none is chosen. */
  readonly none?: string;
}) => (
  <Field name={name} hint={hint} {...(given === undefined ? {} : { id: given })}>
    {(id, hintId) => (
      <select id={id} value={value} aria-describedby={hintId} onChange={({ target }) => onChange(target.value as Value)}>
        {none !== undefined && <option value="">{none}</option>}
        {of.map(([its, says]) => (
          <option key={its} value={its}>
            {says}
          </option>
        ))}
      </select>
    )}
  </Field>
);
