import { Link } from '@tanstack/react-router';
import { useAnswer } from '../../api/answer.tsx';
import type { Answer } from '../../api/ask.ts';
import './start.css';

/** Leads from a posture of which nobody has told anything to the first ten minutes. */
export function Beginning() {
  const { data } = useAnswer<Answer<'sources', 'list'>>('/sources');
  if (!data || data.sources.some(({ partitions }) => partitions.some(({ last }) => last !== null))) return null;
  return (
    <section className="beginning">
      <p>
        <b>{data.sources.length === 0 ? 'No source is connected yet.' : 'Nothing was asked yet.'}</b> Everything is unknown until somebody tells: the first
        source takes a few minutes.
      </p>
      <Link className="btn primary" to="/start">
        {data.sources.length === 0 ? 'Connect the first source' : 'Go on'}
      </Link>
    </section>
  );
}
