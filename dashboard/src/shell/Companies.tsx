import { Link } from '@tanstack/react-router';
import { useAnswer } from '../api/answer.tsx';
import type { Answer } from '../api/ask.ts';
import './companies.css';

type List = Answer<'companies', 'list'>;

/** At which company one is, always said of the made-up one, and the way to the other. */
export function Companies() {
  const { data } = useAnswer<List>('/companies');
  if (!data) return null;
  const here = data.companies.find((it) => it.here);
  const others = data.companies.filter((it) => !it.here);
  if (here?.id !== 'demo' && others.length === 0) return null;
  return (
    <div className="companies">
      {here?.id === 'demo' && <b className="is-demo">Demo: {here.name}</b>}
      {others.map(({ id, name, enter }) => (
        <a key={id} className="link" href={enter}>
          {id === 'demo' ? `Look at ${name} (demo)` : `Go to ${name}`}
        </a>
      ))}
      {data.begin && (
        <Link className="link" to="/start">
          Start with my company
        </Link>
      )}
    </div>
  );
}
