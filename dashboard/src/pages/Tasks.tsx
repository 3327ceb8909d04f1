import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { type Owed, type Task, useOwed, type When, whenDue } from '../acts/owed.tsx';
import { Accept } from '../acts/Accept.tsx';
import { Held } from '../acts/Acts.tsx';
import { useActing } from '../acts/may.ts';
import { StatementForm } from '../acts/StatementForm.tsx';
import { Answered, useAnswer } from '../api/answer.tsx';
import { type Answer, send } from '../api/ask.ts';
import { ActSaid, useAct } from '../parts/Act.tsx';
import { Panel } from '../parts/Panel.tsx';
import { Told } from '../parts/Told.tsx';
import { spoken, useTime } from '../time.ts';

/** What who is signed in owes, done in place where it can be. */
export function TasksPage() {
  const answer = useOwed();
  return <Answered answer={answer}>{(owed) => <Page owed={owed} />}</Answered>;
}

const GROUPS: readonly (readonly [When, string])[] = [
  ['overdue', 'Overdue'],
  ['this week', 'Due within a week'],
  ['later', 'Later'],
];

function Page({ owed }: { readonly owed: Owed }) {
  const { me, may, held } = useActing();
  const { tasks, now, known } = owed;
  const groups = GROUPS.map(([when, title]) => ({ when, title, its: tasks.filter((task) => whenDue(task, now) === when) }));
  const owes = me === undefined || may('findings.act') || may('statements.make') || may('alerts.act');
  return (
    <>
      <h1>{owes ? answerOf(groups.map(({ its }) => its)) : 'Whoever only reads owes nothing here.'}</h1>
      <p className="sub">
        Findings that are yours, what others ask you to decide, duties by the calendar, policies to accept, and alerts. Each leaves a record.
      </p>
      {may('statements.make') && (
        <p className="row owed-more">
          <Link className="btn" to="/attest">
            State something else
          </Link>
        </p>
      )}
      {!known && (
        <p className="notice" role="note">
          HR knows nobody by the address {me?.email ?? 'you signed in with'}: nothing can be owed by your name, and your approvals would not count. An admin can
          declare it as an alias of yours, under people in tickmark.yaml.
        </p>
      )}
      <Held because={held} />
      {groups.map(({ when, title, its }) =>
        its.length === 0 ? null : (
          <Panel key={when} title={title} note={String(its.length)}>
            <ul className="tasks">
              {its.map((task) => (
                <TaskItem key={task.id} task={task} when={when} held={held} />
              ))}
            </ul>
          </Panel>
        ),
      )}
    </>
  );
}

function answerOf([overdue = [], week = [], later = []]: readonly (readonly Task[])[]): string {
  if (overdue.length > 0)
    return `${counted(overdue.length)} overdue${week.length > 0 ? `, and ${week.length} more ${week.length === 1 ? 'is' : 'are'} due within a week` : ''}.`;
  if (week.length > 0) return `${counted(week.length)} due within a week, none overdue.`;
  const next = later.find(({ due }) => due !== null)?.due ?? null;
  return next === null ? 'You owe nothing.' : `You owe nothing until ${spoken(next).slice(0, 10)}.`;
}

const counted = (count: number): string => (count === 1 ? '1 task is' : `${count} tasks are`);

/** One task: verb first, by when, the record that it makes; done in place. */
function TaskItem({ task, when, held }: { readonly task: Task; readonly when: When; readonly held: string | null }) {
  const { title, because, due, makes } = task;
  return (
    <li className="task" data-row>
      <div className="task-head">
        <b>
          <bdi>{title}</bdi>
        </b>
        <span className={when === 'overdue' ? 'c-fail nowrap' : 'nowrap'}>
          {due === null ? 'no date' : `${when === 'overdue' ? 'was due' : 'due'} ${spoken(due).slice(0, 10)}`}
        </span>
      </div>
      <p>
        <Told of={because} />
      </p>
      <p className="faint">Makes {makes}.</p>
      <Doing task={task} held={held} />
    </li>
  );
}

function Doing({ task, held }: { readonly task: Task; readonly held: string | null }): ReactNode {
  const time = useTime();
  if (task.kind === 'alert') return <AlertTask task={task} held={held} />;
  if (task.kind === 'approval') return <ApprovalTask task={task} held={held} />;
  if (task.kind === 'acceptance') {
    const [policy = '', version = ''] = task.about.split('/').map(decodeURIComponent);
    return <Accept policy={policy} version={version} held={held} />;
  }
  if (task.form !== null) return <DutyTask form={task.form} held={held} />;
  if (task.kind === 'duty')
    return (
      <Link className="btn" to="/controls/$id" params={{ id: task.about }} search={time}>
        Open {task.about}
      </Link>
    );
  if (task.about === '')
    return (
      <Link className="btn" to="/findings" search={{ ...time, show: 'open' }}>
        Open the findings
      </Link>
    );
  return (
    <Link className="btn" to="/findings/$id" params={{ id: task.about }} search={time}>
      {task.kind === 'waiver' ? 'Decide' : task.kind === 'assign' ? 'Assign' : 'Open the finding'}
    </Link>
  );
}

function AlertTask({ task, held }: { readonly task: Task; readonly held: string | null }) {
  const time = useTime();
  const { act, busy, said } = useAct();
  const open = task.title.startsWith('Acknowledge');
  return (
    <div className="row">
      {open && (
        <button
          type="button"
          className="btn primary"
          disabled={busy || held !== null}
          onClick={() =>
            void act(
              send<Answer<'alerts', 'acknowledge'>>('POST', `/alerts/${encodeURIComponent(task.about)}/acknowledge`),
              () => 'Acknowledged: its escalation stops.',
            )
          }
        >
          Acknowledge
        </button>
      )}
      <Link className="btn" to="/alerts/$id" params={{ id: task.about }} search={time}>
        Open the alert
      </Link>
      <ActSaid said={said} />
    </div>
  );
}

function ApprovalTask({ task, held }: { readonly task: Task; readonly held: string | null }) {
  const { act, busy, said } = useAct();
  const [kind = '', ...rest] = task.about.split('/');
  const entry = rest.join('/');
  const standing = useAnswer<Answer<'statements', 'list'>>('/statements', { kind });
  const its = standing.data?.statements.find((it) => it.entry === entry);
  const time = useTime();
  return (
    <div className="row">
      <button
        type="button"
        className="btn primary"
        disabled={busy || held !== null}
        onClick={() =>
          void act(
            send<Answer<'statements', 'approve'>>('POST', `/statements/${kind}/${encodeURIComponent(entry)}/approve`),
            ({ record }) => `Approved. It is record ${record}.`,
          )
        }
      >
        Approve
      </button>
      {its && (
        <Link className="btn" to="/log/$index" params={{ index: String(its.record) }} search={time}>
          Read what was stated
        </Link>
      )}
      <ActSaid said={said} />
    </div>
  );
}

function DutyTask({ form, held }: { readonly form: string; readonly held: string | null }) {
  return (
    <details className="act-form" name="tasks">
      <summary>Do it here</summary>
      <StatementForm kind={form} held={held} />
    </details>
  );
}
