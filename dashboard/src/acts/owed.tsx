import { useAnswer } from '../api/answer.tsx';
import type { Answer } from '../api/ask.ts';

export type Owed = Answer<'tasks', 'list'>;
export type Task = Owed['tasks'][number];

const WEEK = 7 * 86_400_000;

export type When = 'overdue' | 'this week' | 'later';

/** When a task is due, as people plan: what has no date is not urgent. */
export function whenDue({ due }: Task, now: string): When {
  if (due === null) return 'later';
  const left = Date.parse(due) - Date.parse(now);
  return left <= 0 ? 'overdue' : left <= WEEK ? 'this week' : 'later';
}

export const useOwed = () => useAnswer<Owed>('/tasks');

/** How much is owed by the end of the week; nothing where nothing is. */
export function OwedCount() {
  const { data } = useOwed();
  const count = data?.tasks.filter((task) => whenDue(task, data.now) !== 'later').length ?? 0;
  if (count === 0) return null;
  return (
    <span className="owed-count">
      {count}
      <span className="listen"> owed by the end of the week</span>
    </span>
  );
}
