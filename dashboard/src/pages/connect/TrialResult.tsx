import type { Answer } from '../../api/ask.ts';
import { Panel } from '../../parts/Panel.tsx';
import { Head } from '../../parts/Facts.tsx';
import { Glyph } from '../../parts/Status.tsx';

export type Trial = Answer<'connect', 'trial'>;

const SHOWN = { complete: ['pass', 'Complete'], stopped: ['empty', 'Stopped'], refused: ['unknown', 'Refused'] } as const;
const TITLES = { complete: 'It told everything.', stopped: 'It answers, and has more to tell.', refused: 'It did not answer whole.' } as const;

/** Each call of a trial, and what came of it. */
export function TrialResult({ trial }: { readonly trial: Trial }) {
  const [of, label] = SHOWN[trial.outcome];
  return (
    <Panel title="What the trial found" note="nothing of it is kept">
      <div className="verdict" role="status">
        <Glyph of={of} label={label} />
        <div>
          <b>{TITLES[trial.outcome]}</b> <bdi>{trial.says}</bdi>
          {(trial.askedAs !== null || trial.answeredBy !== null) && (
            <p className="sub2">
              {trial.askedAs !== null && (
                <>
                  Asked as <bdi>{trial.askedAs}</bdi>
                  {trial.answeredBy === null ? '.' : ', '}
                </>
              )}
              {trial.answeredBy !== null && (
                <>
                  answered by <bdi>{trial.answeredBy}</bdi>.
                </>
              )}
            </p>
          )}
          {trial.missing.length > 0 && (
            <>
              <p>{trial.missing.length === 1 ? 'This right is probably missing:' : 'One of these rights is probably missing:'}</p>
              <ul className="facts-list">
                {trial.missing.map(({ right, why }) => (
                  <li key={right}>
                    <code>{right}</code>: {why}
                  </li>
                ))}
              </ul>
            </>
          )}
          {trial.rows.length > 0 && <p>A run would tell of {trial.rows.map(({ dataset, rows }) => `${rows.toLocaleString('en')} ${dataset}`).join(', ')}.</p>}
        </div>
      </div>
      {trial.calls.length > 0 && (
        <div className="scroll calls-box" role="region" aria-label="Calls" tabIndex={0}>
          <table className="calls">
            <Head of={['Answer', 'Call', { num: 'Entries' }, { num: 'Took' }]} />
            <tbody>
              {trial.calls.map(({ method, url, status, items, took, says }, place) => (
                <tr key={place}>
                  <td className={status === null || status >= 400 ? 'nowrap c-unknown' : 'nowrap'}>{status ?? 'none'}</td>
                  <td>
                    <code>{method}</code> <bdi className="mono url">{url}</bdi>
                    {says !== null && (
                      <span className="sub2">
                        <bdi>{says}</bdi>
                      </span>
                    )}
                  </td>
                  <td className="num">{items === null ? '' : items.toLocaleString('en')}</td>
                  <td className="num nowrap">{took} ms</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Panel>
  );
}
