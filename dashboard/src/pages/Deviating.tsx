import { Link } from '@tanstack/react-router';
import { spokenDuration } from '../../../src/core/spoken.ts';
import { useAnswer } from '../api/answer.tsx';
import type { Answer } from '../api/ask.ts';
import { Panel, Records } from '../parts/Panel.tsx';
import { Glyph, ORDER, shownAs } from '../parts/Status.tsx';
import { Told } from '../parts/Told.tsx';
import { askedAt, spokenMinute, useTime } from '../time.ts';

type Control = Pick<Answer<'posture', 'read'>['controls'][number], 'id' | 'title' | 'status' | 'alert'>;

/** So many items of a control are named; the page of the control names all. */
const MOST = 10;

/** What deviates now, item by item, of those controls that fail: who or what, why, since when, and the records that it rests on. */
export function Deviating({ title, controls, asOf }: { readonly title: string; readonly controls: readonly Control[]; readonly asOf: string }) {
  const failing = controls.filter(({ status }) => status === 'fail').toSorted((a, b) => ORDER.indexOf(shownAs(a)) - ORDER.indexOf(shownAs(b)));
  if (failing.length === 0) return null;
  return (
    <Panel title={title} note="item by item; one that two controls examine stands twice" more={{ to: '/findings', text: 'Findings' }}>
      <ul className="open">
        {failing.map((control) => (
          <Items key={control.id} control={control} asOf={asOf} />
        ))}
      </ul>
    </Panel>
  );
}

function Items({ control, asOf }: { readonly control: Control; readonly asOf: string }) {
  const time = useTime();
  const answer = useAnswer<Answer<'findings', 'deviations'>>('/deviations', { ...askedAt(time), control: control.id, verdict: 'deviates', limit: MOST });
  const link = (
    <Link className="tag" to="/controls/$id" params={{ id: control.id }} search={time} title={control.title}>
      {control.id}
    </Link>
  );
  return (
    <>
      {answer.data?.deviations.map(({ check, item, because, from, waiver, records }) => (
        <li key={`${check} ${item.source} ${item.key}`} data-row>
          <Glyph of={waiver === null ? 'fail' : 'waived'} />
          <div>
            <p>
              <bdi className="what">{item.label}</bdi>: <Told of={because} />.
            </p>
            <div className="meta">
              {link} · {check} · <Records of={records} />
            </div>
          </div>
          <div className="when">
            {from !== null && (
              <>
                <b>{spokenDuration(Date.parse(asOf) - Date.parse(from))}</b>since {spokenMinute(from)}
              </>
            )}
          </div>
        </li>
      ))}
      {answer.data?.next && (
        <li>
          <span />
          <p>More of {link}.</p>
        </li>
      )}
    </>
  );
}
