import { type FormEvent, useState } from 'react';
import { type Answer, send } from '../../api/ask.ts';
import { ActSaid, useAct } from '../../parts/Act.tsx';
import { spoken } from '../../time.ts';
import { Categories, PeriodFields, SYSTEMS, SystemsField } from './ScopeFields.tsx';
import type { Its } from './its.ts';

/** What the audit covers: said when the company was begun, and changed here. */
export function Scope({ posture, catalogue, next }: Its) {
  const [period, setPeriod] = useState({ from: dateOf(posture.period.from), to: dateOf(posture.period.to) });
  const [categories, setCategories] = useState<readonly string[]>(['Security']);
  const [systems, setSystems] = useState<readonly string[]>([]);
  const [open, setOpen] = useState(false);
  const { act, busy, said } = useAct();
  const save = (event: FormEvent) => {
    event.preventDefault();
    const named = SYSTEMS.filter(({ id }) => systems.includes(id));
    const body = { period, categories, ...(named.length > 0 ? { systems: named } : {}), digest: catalogue.editing.digest };
    void act(send<Answer<'connect', 'scope'>>('PUT', '/scope', body), () => 'The scope is saved.');
  };
  return (
    <>
      <h1>
        {posture.company} is observed from {spoken(posture.period.from)} up to {spoken(posture.period.to)}.
      </h1>
      <p className="sub">
        {posture.criteria.filter(({ status }) => status !== null).length} of {posture.criteria.length} trust services criteria are in scope. It is written in
        tickmark.yaml, and each change of it is a record.
      </p>
      <div className="row acts">
        <button type="button" className="btn primary" onClick={next}>
          Connect the first source
        </button>
        {catalogue.editing.refused === null && (
          <button type="button" className="btn" aria-expanded={open} onClick={() => setOpen(!open)}>
            Change the scope
          </button>
        )}
      </div>
      {open && (
        <form className="panel fields" onSubmit={save}>
          <PeriodFields value={period} set={setPeriod} says={null} />
          <Categories value={categories} set={setCategories} />
          <SystemsField value={systems} set={setSystems} />
          <button type="submit" className="btn primary" disabled={busy}>
            Save the scope
          </button>
          <ActSaid said={said} />
        </form>
      )}
    </>
  );
}

const dateOf = (text: string | null): string => (text ?? '').slice(0, 10);
