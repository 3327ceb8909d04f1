import { Link } from '@tanstack/react-router';
import { useAnswer } from '../api/answer.tsx';
import type { Answer } from '../api/ask.ts';
import { asked, spoken, useTime } from '../time.ts';
import { PartsInTurn } from './InTurn.tsx';
import { Glyph, shownAs } from './Status.tsx';
import { type Scale, StripAxis, StripLegend, StripRow, StripTable } from './Strip.tsx';

type Strips = Answer<'posture', 'strips'>;

/** So many strips are drawn at once. */
const PART = 8;

/** What strips are drawn over. */
export const scaleOf = ({ period, until }: Pick<Strips, 'period' | 'until'>): Scale => ({ from: period.from ?? until, to: period.to ?? until, until });

/** Controls over the period, each a line, and the same as a table. Nothing, where none is of those that are asked for. */
export function ControlsOverPeriod({ title, of }: { readonly title: string; readonly of: (id: string) => boolean }) {
  const time = useTime();
  const strips = useAnswer<Strips>('/strips', asked(time));
  const controls = strips.data?.controls.filter(({ id }) => of(id)) ?? [];
  if (!strips.data || controls.length === 0) return null;
  const scale = scaleOf(strips.data);
  return (
    <section className="panel strips" aria-label={title}>
      <OverHead title={title} period={strips.data.period} />
      <StripAxis scale={scale} timezone={strips.data.timezone} />
      <PartsInTurn of={controls} size={PART}>
        {(part) =>
          part.map(({ id, title: says, status, alert, intervals }) => (
            <StripRow
              key={id}
              scale={scale}
              id={id}
              status={<Glyph of={shownAs({ status, alert })} />}
              intervals={intervals}
              name={
                <Link to="/controls/$id" params={{ id }} search={time} title={says}>
                  <b className="id">{id}</b> {says}
                </Link>
              }
            />
          ))
        }
      </PartsInTurn>
      <StripLegend />
      <StripTable scale={scale} of={controls} />
    </section>
  );
}

/** What strips are of, and over which period. */
export const OverHead = ({ title, period }: { readonly title: string; readonly period: Strips['period'] }) => (
  <div className="sec">
    <h2>{title}</h2>
    <span className="note">
      from {spoken(period.from)} up to {spoken(period.to)}; the sign before each is the worst of it
    </span>
  </div>
);
