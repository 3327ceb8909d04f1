import { type FormEvent, useState } from 'react';
import { several } from '../../../src/core/spoken.ts';
import { Answered, useAnswer } from '../api/answer.tsx';
import { type Answer, send } from '../api/ask.ts';
import { ActSaid, useAct } from '../parts/Act.tsx';
import { useChosen } from '../parts/filter.ts';
import { Panel, Records } from '../parts/Panel.tsx';
import { SavedViews } from '../parts/SavedViews.tsx';
import { useTime } from '../time.ts';

type Sampled = Answer<'controls', 'drawn'>;

/** Draws a sample, which is a record; from then on it is shown by the address of the page. */
export function DrawSample({ control, check }: { readonly control: string; readonly check: string }) {
  const time = useTime();
  const [size, setSize] = useState('25');
  const [seed, setSeed] = useState('');
  const [, show] = useChosen('sample');
  const { act, busy, said } = useAct();
  if (time.at !== undefined || time.known !== undefined) return <p className="pad faint">Samples are drawn of now: a draw is a record in the log.</p>;
  const draw = (event: FormEvent) => {
    event.preventDefault();
    const body = { check, size: Number(size), seed, ...(time.period === undefined ? {} : { period: time.period }) };
    void act(
      send<Answer<'controls', 'sample'>>('POST', `/controls/${encodeURIComponent(control)}/samples`, body),
      ({ record }) => `Sealed as record ${record}. It stands above the populations.`,
    ).then((drawn) => drawn && show(String(drawn.record)));
  };
  return (
    <form className="draw pad" onSubmit={draw}>
      <label>
        Draw <input value={size} inputMode="numeric" size={4} onChange={({ target }) => setSize(target.value)} /> items
      </label>
      <label>
        by the seed <input value={seed} required placeholder="chosen by the auditor" onChange={({ target }) => setSeed(target.value)} />
      </label>
      <button type="submit" className="btn" disabled={busy}>
        Draw sample
      </button>
      <ActSaid said={said} />
    </form>
  );
}

/** The sample that the address names by its record, drawn again; under a name it is kept as a view. */
export function SampleShown({ control }: { readonly control: string }) {
  const [record, show] = useChosen('sample');
  if (record === undefined || !/^\d{1,15}$/.test(record)) return <SavedViews />;
  return (
    <>
      <SavedViews />
      <Shown path={`/controls/${encodeURIComponent(control)}/samples/${record}`} onClose={() => show(undefined)} />
    </>
  );
}

function Shown({ path, onClose }: { readonly path: string; readonly onClose: () => void }) {
  const answer = useAnswer<Sampled>(path);
  return (
    <Answered answer={answer}>
      {({ record, population, size, seed, items, again, same }) => (
        <Panel
          title={`Sample of ${population.check}`}
          note={`${size} asked for, by the seed "${seed}"`}
          aside={
            <button type="button" className="linkish more" onClick={onClose}>
              Close the sample
            </button>
          }
        >
          <div className="pad">
            <p>
              {several(items.length, 'item')} of {population.count.toLocaleString('en')}, sealed as <Records of={[record]} /> and drawn again from it. Anybody
              draws them again: <code className="wrap">{again}</code>
            </p>
            {!same && (
              <p className="notice" role="note">
                The population is not the one that was sealed: a check was changed since, so these may be other items than were drawn then.
              </p>
            )}
            <ol className="numbered">
              {items.map(({ key, label }) => (
                <li key={key}>
                  <bdi>{label}</bdi> <span className="faint mono">{key}</span>
                </li>
              ))}
            </ol>
          </div>
        </Panel>
      )}
    </Answered>
  );
}
