import { Link } from '@tanstack/react-router';
import type { Answer } from '../api/ask.ts';
import { useTime } from '../time.ts';
import { PartsInTurn } from './InTurn.tsx';
import { Glyph, shownAs } from './Status.tsx';
import { type Scale, StripAxis, StripLegend, StripRow, StripTable } from './Strip.tsx';

type Strips = Answer<'posture', 'strips'>;

/** So many strips are drawn at once. */
const PART = 8;

/** What strips are drawn over. */
export const scaleOf = ({ period, until }: Pick<Strips, 'period' | 'until'>): Scale => ({ from: period.from ?? until, to: period.to ?? until, until });

/** Some controls over the period, each a line, and the same as a table. */
export function ControlStrips({ of, controls }: { readonly of: Strips; readonly controls: Strips['controls'] }) {
  const time = useTime();
  const scale = scaleOf(of);
  return (
    <>
      <StripAxis scale={scale} timezone={of.timezone} />
      <PartsInTurn of={controls} size={PART}>
        {(part) =>
          part.map(({ id, title, status, alert, intervals }) => (
            <StripRow
              key={id}
              scale={scale}
              id={id}
              status={<Glyph of={shownAs({ status, alert })} />}
              intervals={intervals}
              name={
                <Link to="/controls/$id" params={{ id }} search={time} title={title}>
                  <b className="id">{id}</b> {title}
                </Link>
              }
            />
          ))
        }
      </PartsInTurn>
      <StripLegend />
      <StripTable scale={scale} of={controls} />
    </>
  );
}
