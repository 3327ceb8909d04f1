import { Link } from '@tanstack/react-router';
import { Answered, useAnswer } from '../../api/answer.tsx';
import type { Answer } from '../../api/ask.ts';
import { Panel, Records } from '../../parts/Panel.tsx';
import { Glyph } from '../../parts/Status.tsx';
import { Told } from '../../parts/Told.tsx';
import { spoken } from '../../time.ts';
import type { Its } from './its.ts';

type Deviations = Answer<'findings', 'deviations'>;
type Deviation = Deviations['deviations'][number];

const SEVERITIES = ['critical', 'high', 'medium', 'low'] as const;

/** The worst that the evidence shows, in one sentence, with the record that it rests on. */
export function FirstFinding({ posture, next }: Its) {
  const answer = useAnswer<Deviations>('/deviations', { verdict: 'deviates', limit: 500 });
  return (
    <Answered answer={answer}>
      {({ deviations }) => {
        const [worst, ...others] = deviations.toSorted((a, b) => rankOf(a, posture) - rankOf(b, posture) || ((a.from ?? '') < (b.from ?? '') ? -1 : 1));
        return worst ? <Finding worst={worst} others={others} posture={posture} next={next} /> : <None posture={posture} next={next} />;
      }}
    </Answered>
  );
}

/** Those that a record shows by itself come first, then the gravest. */
function rankOf({ control, records }: Deviation, { controls }: Its['posture']): number {
  const { severity = 'low' } = controls.find(({ id }) => id === control) ?? {};
  return SEVERITIES.indexOf(severity) + (records.length === 0 ? SEVERITIES.length : 0);
}

function Finding({ worst, others, posture, next }: { readonly worst: Deviation; readonly others: readonly Deviation[] } & Pick<Its, 'posture' | 'next'>) {
  const control = posture.controls.find(({ id }) => id === worst.control);
  return (
    <>
      <h1 className="first">
        <Glyph of="fail" /> <bdi>{worst.item.label}</bdi>: <Told of={worst.because} />.
      </h1>
      <p className="sub">
        {control ? `${control.id} ${control.title}. ` : ''}
        {worst.from !== null && `So since ${spoken(worst.from)}. `}
        {control && `Owner: ${control.owner}. `}It rests on <Records of={worst.records} />: open one, and this browser verifies it from its bytes up to the
        signed root.
      </p>
      <div className="row acts">
        {worst.records[0] !== undefined && (
          <Link className="btn primary" to="/log/$index" params={{ index: String(worst.records[0]) }}>
            Show its bytes
          </Link>
        )}
        <button type="button" className="btn" onClick={next}>
          What is unknown
        </button>
      </div>
      {others.length > 0 && (
        <Panel title="And besides" note={`${others.length} more`} more={{ to: '/findings', text: 'Findings' }}>
          <ul className="open">
            {others.slice(0, 8).map((it) => (
              <li key={`${it.check} ${it.item.source} ${it.item.key}`} data-row>
                <Glyph of="fail" />
                <div>
                  <p>
                    <bdi>{it.item.label}</bdi>: <Told of={it.because} />. <Records of={it.records} />
                  </p>
                </div>
              </li>
            ))}
          </ul>
        </Panel>
      )}
    </>
  );
}

function None({ posture, next }: Pick<Its, 'posture' | 'next'>) {
  const unknown = posture.criteria.filter(({ status }) => status === 'unknown').length;
  return (
    <>
      <h1>No item deviates by what was told so far.</h1>
      <p className="sub">{unknown} criteria are unknown: evidence is missing, and that is no pass. The next source may show the first finding.</p>
      <button type="button" className="btn primary" onClick={next}>
        What is unknown
      </button>
    </>
  );
}
