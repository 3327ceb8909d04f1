import { several } from '../../../src/core/spoken.ts';
import { Answered, useAnswer } from '../api/answer.tsx';
import type { Answer } from '../api/ask.ts';
import { askedAt, useTime } from '../time.ts';
import { Bars } from './Bars.tsx';
import { Figure } from './Figure.tsx';

type Access = Answer<'charts', 'access'>;
type System = Access['systems'][number];

/** The accounts of each system that can be used, and what is the matter with them. */
export function AccessChart() {
  const time = useTime();
  const answer = useAnswer<Access>('/charts/access', askedAt(time));
  return (
    <Answered answer={answer}>
      {({ systems, covered, gaps }) => (
        <Figure
          title="Access by system"
          note="accounts that can be used; second factors by the check mfa-enrolled"
          says={saying(systems, covered)}
          signs={[
            { className: 'dark-block', name: 'administrative rights' },
            { className: 's-unknown', name: 'the system does not say' },
            { className: 'plain', name: 'others' },
          ]}
          twin={() => ({
            head: ['System', ...COLUMNS.map(([, name]) => ({ num: name }))],
            rows: systems.map((its) => ({ id: its.system, cells: [its.system, ...COLUMNS.map(([column]) => its[column])] })),
          })}
        >
          {!covered &&
            gaps.map((gap) => (
              <p key={gap} className="notice" role="note">
                {gap}
              </p>
            ))}
          <Bars
            label="Access by system"
            bars={systems.map((its) => ({
              id: its.system,
              name: its.system,
              parts: [
                { className: 'dark-block', value: its.privileged, name: 'with administrative rights' },
                { className: 's-unknown', value: its.privilegedUnknown, name: 'of which the system does not say' },
                { className: 'plain', value: its.active - its.privileged - its.privilegedUnknown, name: 'others' },
              ],
              figures: <Figures of={its} />,
            }))}
          />
        </Figure>
      )}
    </Answered>
  );
}

const COLUMNS = [
  ['active', 'can be used'],
  ['privileged', 'administrative rights'],
  ['privilegedUnknown', 'rights not told'],
  ['mfaExamined', 'second factor examined'],
  ['withoutMfa', 'without second factor'],
  ['mfaUnknown', 'second factor not known'],
  ['orphaned', 'nobody’s'],
] as const satisfies readonly (readonly [keyof System, string])[];

const Figures = ({ of }: { readonly of: System }) => (
  <>
    {of.active}
    {of.privileged > 0 && ` · ${of.privileged} admin`}
    {of.mfaExamined === 0 && <span className="faint"> · second factor not examined</span>}
    {of.withoutMfa > 0 && <b className="c-fail"> · {of.withoutMfa} without second factor</b>}
    {of.mfaUnknown > 0 && <b className="c-unknown"> · {of.mfaUnknown} second factor unknown</b>}
    {of.orphaned > 0 && <b className="c-fail"> · {of.orphaned} nobody’s</b>}
  </>
);

function saying(systems: readonly System[], covered: boolean): string {
  const sum = (column: (typeof COLUMNS)[number][0]) => systems.reduce((total, its) => total + its[column], 0);
  if (systems.length === 0) return covered ? 'No account can be used, by complete evidence.' : 'Nothing was told yet: connect the identity provider.';
  return `${several(sum('active'), 'account')} in ${several(systems.length, 'system')} can be used; ${sum('privileged')} have administrative rights, of ${sum('mfaExamined')} that are examined for it ${sum('withoutMfa')} have no second factor that counts${
    sum('mfaUnknown') > 0 ? ` (of ${sum('mfaUnknown')} nobody can tell)` : ''
  }, and ${sum('orphaned')} are nobody’s.`;
}
