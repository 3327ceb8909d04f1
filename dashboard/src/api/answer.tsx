import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { type ReactNode, useDeferredValue } from 'react';
import { ask, Problem, type Query } from './ask.ts';

/** The answer to a question, kept while another is on its way: nothing moves under the reader. */
export function useAnswer<Out>(path: string, query: Query = {}) {
  return useQuery<Out, Problem>({
    queryKey: [path, query],
    queryFn: ({ signal }) => ask<Out>(path, query, signal),
    placeholderData: keepPreviousData,
    retry: (count, problem) => problem instanceof Problem && problem.status === 0 && count < 30,
    retryDelay: 2000,
  });
}

/** Shows an answer, or what is there instead of it. */
export function Answered<Out>({
  answer,
  children,
}: {
  readonly answer: { readonly data: Out | undefined; readonly error: Problem | null; readonly isPlaceholderData: boolean };
  readonly children: (data: Out) => ReactNode;
}) {
  // What has come is drawn when there is time for it: keys and clicks go first.
  const data = useDeferredValue(answer.data);
  if (answer.error && answer.error.status !== 0) return <Refused problem={answer.error} />;
  if (data === undefined) return answer.error && answer.data === undefined ? <Refused problem={answer.error} /> : <Loading />;
  return <div className={answer.isPlaceholderData ? 'older' : data === answer.data ? undefined : 'pending'}>{children(data)}</div>;
}

/** The place of what is coming. It is seen after a moment: an answer that is there at once does not flicker. */
export const Loading = () => (
  <div className="skeleton late" role="status" aria-label="Loading">
    <i />
    <i />
    <i />
  </div>
);

/** What happened, what it means for the evidence, what to do. */
export function Refused({ problem }: { readonly problem: Problem }) {
  const [title, means] = MEANING[problem.kind] ?? [problem.title, 'Nothing was changed, and no evidence is lost: pages only read.'];
  return (
    <div className="refused">
      <h1>{title}</h1>
      <p className="sub">{problem.message}</p>
      <p className="sub">{means}</p>
      {problem.instance !== null && problem.status >= 500 && (
        <p className="sub">
          The server tells more under <code>{problem.instance}</code>.
        </p>
      )}
    </div>
  );
}

const MEANING: Readonly<Record<string, readonly [title: string, means: string]>> = {
  'not-found': ['Nothing is here', 'It may not be in this company’s log, or lie outside of what you may see. The address may be of another workspace.'],
  'not-permitted': ['You may not see this', 'An admin of this workspace can grant it, under Settings, Users.'],
  'out-of-bounds': ['This lies outside of your audit', 'You see the period and the controls of your audit. An admin of this workspace can widen them.'],
};
