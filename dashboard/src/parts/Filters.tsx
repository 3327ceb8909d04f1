import { type FormEvent, useId, useState } from 'react';
import { useAnswer } from '../api/answer.tsx';
import type { Answer, Query } from '../api/ask.ts';
import { conditionWords, type Filter, OPERATORS } from './filter.ts';

type Values = Answer<'families', 'values'>;

/** How the rows of a table are chosen: by words, by conditions on fields, and which fields are shown. */
export function Filters({
  path,
  query,
  fields,
  filter,
  onChange,
  text,
  onType,
}: {
  /** Of the rows: the values that a field has are asked beside it. */
  readonly path: string;
  readonly query: Query;
  readonly fields: readonly { readonly name: string; readonly meaning: string; readonly isInstant: boolean }[];
  readonly filter: Filter;
  readonly onChange: (change: Partial<Filter>) => void;
  readonly text: string;
  readonly onType: (text: string) => void;
}) {
  return (
    <div className="filters">
      <input
        className="field"
        value={text}
        onChange={({ target }) => onType(target.value)}
        placeholder="Filter: a word in any field"
        aria-label="Filter rows by a word"
      />
      {filter.where.map((condition) => (
        <button
          key={condition}
          type="button"
          className="chip"
          aria-label={`Take away: ${conditionWords(condition)}`}
          onClick={() => onChange({ where: filter.where.filter((other) => other !== condition) })}
        >
          {conditionWords(condition)} <b aria-hidden="true">×</b>
        </button>
      ))}
      <AddCondition path={path} query={query} fields={fields} onAdd={(condition) => onChange({ where: [...new Set([...filter.where, condition])] })} />
      <details>
        <summary className="chip">Columns</summary>
        <div className="choices" role="group" aria-label="Columns that are shown">
          {fields.map(({ name, meaning }) => (
            <label key={name} title={meaning}>
              <input
                type="checkbox"
                checked={filter.columns.includes(name)}
                onChange={({ target }) =>
                  onChange({ columns: fields.map((field) => field.name).filter((field) => (field === name ? target.checked : filter.columns.includes(field))) })
                }
              />
              {name}
            </label>
          ))}
        </div>
      </details>
    </div>
  );
}

/** A condition on a field, with the values that it has in the rows to choose from. */
function AddCondition({
  path,
  query,
  fields,
  onAdd,
}: {
  readonly path: string;
  readonly query: Query;
  readonly fields: readonly { readonly name: string; readonly isInstant: boolean }[];
  readonly onAdd: (condition: string) => void;
}) {
  const id = useId();
  const [field, setField] = useState('');
  const [operator, setOperator] = useState<string>(':');
  const [value, setValue] = useState('');
  const add = (event: FormEvent) => {
    event.preventDefault();
    if (field === '') return;
    onAdd(`${field}${operator}${value.trim()}`);
    setField('');
    setValue('');
  };
  return (
    <form onSubmit={add}>
      <select value={field} aria-label="Field to filter by" onChange={({ target }) => setField(target.value)}>
        <option value="">Filter by a field</option>
        {fields.map(({ name }) => (
          <option key={name} value={name}>
            {name}
          </option>
        ))}
      </select>
      {field !== '' && (
        <>
          <select value={operator} aria-label={`How ${field} is compared`} onChange={({ target }) => setOperator(target.value)}>
            {OPERATORS.map(([sign, words]) => (
              <option key={sign} value={sign}>
                {words}
              </option>
            ))}
          </select>
          <input
            className="field value"
            value={value}
            list={id}
            aria-label={`Value of ${field}`}
            placeholder={fields.find(({ name }) => name === field)?.isInstant ? '2026-11-06' : 'nothing'}
            onChange={({ target }) => setValue(target.value)}
          />
          <Known id={id} path={path} query={query} field={field} />
          <button type="submit" className="btn">
            Add filter
          </button>
        </>
      )}
    </form>
  );
}

function Known({ id, path, query, field }: { readonly id: string; readonly path: string; readonly query: Query; readonly field: string }) {
  const answer = useAnswer<Values>(path.replace(/\/rows$/, '/values'), { ...query, field });
  return (
    <datalist id={id}>
      {answer.data?.values.map(({ value, count }) => (
        <option key={value} value={value} label={`${value === '' ? 'nothing' : value} (${count.toLocaleString('en')})`} />
      ))}
    </datalist>
  );
}
