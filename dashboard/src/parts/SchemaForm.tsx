import { type ReactNode, useId, useState } from 'react';
import type { WrongField } from '../api/ask.ts';

/** As much of JSON Schema as the configuration of a collector says. */
export interface Schema {
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly default?: unknown;
  readonly enum?: readonly unknown[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
}

type Value = unknown;
type Values = Readonly<Record<string, Value>>;

interface Its {
  readonly schema: Schema;
  readonly value: Value;
  readonly onChange: (value: Value) => void;
  /** By the path of their field. */
  readonly wrong: readonly WrongField[];
  readonly path: string;
}

/** The fields of an object: those that are needed first, the others behind a fold. */
export function SchemaFields({ schema, value, onChange, wrong, path, fileOf }: Its & { readonly fileOf?: (name: string) => ReactNode }) {
  const values = (value ?? {}) as Values;
  const entries = Object.entries(schema.properties ?? {});
  const needed = entries.filter(([name]) => schema.required?.includes(name));
  const others = entries.filter(([name]) => !schema.required?.includes(name));
  const isFilled = others.some(([name]) => values[name] !== undefined) || wrong.some(({ name }) => others.some(([key]) => within(name, `${path}.${key}`)));
  const field = ([name, its]: readonly [string, Schema]) => (
    <SchemaField
      key={name}
      name={name}
      schema={its}
      needed={schema.required?.includes(name) ?? false}
      value={values[name]}
      onChange={(next) => onChange(put(values, name, next))}
      wrong={wrong}
      path={`${path}.${name}`}
      aside={fileOf?.(name)}
    />
  );
  return (
    <>
      {needed.map(field)}
      {others.length > 0 && (
        <details className="more-fields" open={isFilled || needed.length === 0 || undefined}>
          <summary>{needed.length === 0 ? 'Settings' : 'More settings'}: what is usual is filled in</summary>
          {others.map(field)}
        </details>
      )}
    </>
  );
}

const within = (name: string, path: string): boolean => name === path || name.startsWith(`${path}.`);

/** What is empty is left out: the collector then takes what is usual. */
function put(values: Values, name: string, value: Value): Values {
  const { [name]: _, ...rest } = values;
  return value === undefined || value === '' ? rest : { ...rest, [name]: value };
}

function SchemaField({
  name,
  schema,
  needed,
  value,
  onChange,
  wrong,
  path,
  aside,
}: Its & { readonly name: string; readonly needed: boolean; readonly aside?: ReactNode }) {
  const id = useId();
  const says = wrong.find((it) => it.name === path)?.says ?? null;
  if (schema.properties)
    return (
      <fieldset className="group">
        <legend>{spelledOut(name)}</legend>
        {schema.description && <p className="hint">{schema.description}.</p>}
        <SchemaFields schema={schema} value={value} onChange={onChange} wrong={wrong} path={path} />
      </fieldset>
    );
  if (schema.type === 'array' && schema.items?.properties)
    return <Entries schema={schema} value={value} onChange={onChange} wrong={wrong} path={path} name={name} says={says} />;
  const describedBy = [schema.description ? `${id}-hint` : '', says === null ? '' : `${id}-wrong`].filter((it) => it !== '').join(' ');
  const common = { id, 'aria-invalid': says !== null, ...(describedBy === '' ? {} : { 'aria-describedby': describedBy }), required: needed };
  return (
    <Labelled id={id} name={name} needed={needed} hint={schema.description ?? null} says={says}>
      {input(schema, { value, onChange, common })}
      {aside}
    </Labelled>
  );
}

/** A label, a field, what it is for, and what is wrong with it. */
export function Labelled({
  id,
  name,
  needed,
  hint,
  says,
  children,
}: {
  readonly id: string;
  readonly name: string;
  readonly needed: boolean;
  readonly hint: string | null;
  readonly says: string | null;
  readonly children: ReactNode;
}) {
  return (
    <div className="labelled">
      <label htmlFor={id}>
        {spelledOut(name)} {!needed && <span className="faint">optional</span>}
      </label>
      {children}
      {hint !== null && (
        <p className="hint" id={`${id}-hint`}>
          {hint}.
        </p>
      )}
      {says !== null && (
        <p className="wrong" id={`${id}-wrong`}>
          {says}.
        </p>
      )}
    </div>
  );
}

interface Input {
  readonly value: Value;
  readonly onChange: (value: Value) => void;
  readonly common: Readonly<Record<string, unknown>> & { readonly id: string };
}

function input(schema: Schema, { value, onChange, common }: Input): ReactNode {
  const usual = schema.default === undefined || typeof schema.default === 'object' ? '' : String(schema.default);
  const text = typeof value === 'string' || typeof value === 'number' ? String(value) : '';
  if (schema.enum)
    return (
      <select {...common} value={text} onChange={({ target }) => onChange(target.value)}>
        <option value="">{usual === '' ? 'not said' : `${shownOf(usual)} (usual)`}</option>
        {schema.enum
          .filter((it) => String(it) !== usual)
          .map((it) => (
            <option key={String(it)} value={String(it)}>
              {shownOf(String(it))}
            </option>
          ))}
      </select>
    );
  if (schema.type === 'boolean')
    return (
      <select
        {...common}
        value={value === undefined ? '' : String(value)}
        onChange={({ target }) => onChange(target.value === '' ? undefined : target.value === 'true')}
      >
        <option value="">{usual === '' ? 'not said' : `${usual === 'true' ? 'yes' : 'no'} (usual)`}</option>
        <option value="true">yes</option>
        <option value="false">no</option>
      </select>
    );
  if (schema.type === 'integer' || schema.type === 'number')
    return (
      <input
        {...common}
        className="field"
        inputMode="numeric"
        placeholder={usual}
        value={text}
        onChange={({ target }) => onChange(target.value === '' ? undefined : Number.isNaN(Number(target.value)) ? target.value : Number(target.value))}
      />
    );
  if (schema.type === 'array') return <Lines common={common} value={value} onChange={onChange} />;
  if (schema.type !== 'string') return <Raw common={common} value={value} onChange={onChange} />;
  return (
    <input
      {...common}
      className="field"
      autoComplete="off"
      spellCheck={false}
      placeholder={usual}
      value={text}
      onChange={({ target }) => onChange(target.value)}
    />
  );
}

const shownOf = (text: string): string => (text === '\t' ? 'tab' : text);

/** A list of words, one on each line. */
function Lines({ common, value, onChange }: Input) {
  const [text, setText] = useState(Array.isArray(value) ? value.join('\n') : '');
  const read = (its: string) => {
    setText(its);
    const lines = its.split('\n').flatMap((line) => (line.trim() === '' ? [] : [line.trim()]));
    onChange(lines.length === 0 ? undefined : lines);
  };
  return <textarea {...common} rows={3} spellCheck={false} placeholder="one on each line" value={text} onChange={({ target }) => read(target.value)} />;
}

/** What has no field of its own is written as JSON. */
function Raw({ common, value, onChange }: Input) {
  const [text, setText] = useState(value === undefined ? '' : JSON.stringify(value, null, 2));
  const read = (its: string) => {
    setText(its);
    try {
      onChange(its.trim() === '' ? undefined : JSON.parse(its));
    } catch {
      onChange(its); // the server says what is wrong with it
    }
  };
  return <textarea {...common} className="mono" rows={4} spellCheck={false} placeholder="{ }" value={text} onChange={({ target }) => read(target.value)} />;
}

/** A list of entries that have fields of their own. */
function Entries({ schema, value, onChange, wrong, path, name, says }: Its & { readonly name: string; readonly says: string | null }) {
  const entries = Array.isArray(value) && value.length > 0 ? (value as readonly Values[]) : [{}];
  const set = (place: number, entry: Value) => onChange(entries.map((it, its) => (its === place ? entry : it)));
  return (
    <fieldset className="group">
      <legend>{spelledOut(name)}</legend>
      {schema.description && <p className="hint">{schema.description}.</p>}
      {says !== null && <p className="wrong">{says}.</p>}
      {entries.map((entry, place) => (
        <div className="entry" key={place}>
          <SchemaFields schema={schema.items ?? {}} value={entry} onChange={(next) => set(place, next)} wrong={wrong} path={`${path}.${place}`} />
          {entries.length > 1 && (
            <button type="button" className="linkish" onClick={() => onChange(entries.filter((_, its) => its !== place))}>
              Take away
            </button>
          )}
        </div>
      ))}
      <button type="button" className="btn" onClick={() => onChange([...entries, {}])}>
        Add another
      </button>
    </fieldset>
  );
}

/** `roleArn` as `Role arn`. */
export const spelledOut = (name: string): string => {
  const words = name.replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase();
  return words.slice(0, 1).toUpperCase() + words.slice(1);
};
