import { Link } from '@tanstack/react-router';
import { several } from '../../../src/core/spoken.ts';
import { useAnswer } from '../api/answer.tsx';
import type { Answer } from '../api/ask.ts';
import { Head } from '../parts/Facts.tsx';
import { Panel } from '../parts/Panel.tsx';
import { Scroll } from '../parts/Scroll.tsx';
import { askedAt, spoken, useTime } from '../time.ts';
import { State } from './Findings.tsx';

/** So many are listed here. */
const MOST = 20;
const OVER: readonly string[] = ['fixed', 'closed'];

/** Whose the open findings of a control are, by when they are to be fixed, and how they stand. */
export function ControlFindings({ control }: { readonly control: string }) {
  const time = useTime();
  const { data } = useAnswer<Answer<'findings', 'list'>>('/findings', { ...askedAt(time), control, limit: MOST });
  if (!data || data.count === 0) return null;
  const open = data.findings.filter(({ state }) => !OVER.includes(state)); // those that are over come last
  const past = data.count - open.length;
  const rest = open.length === MOST ? `the first ${MOST} of ${data.count}` : past === 0 ? null : `${several(past, 'more', 'more')} fixed or closed`;
  return (
    <Panel title="Findings" note={rest} more={{ to: '/findings', text: 'All findings' }}>
      {open.length === 0 ? (
        <p className="none">None is open.</p>
      ) : (
        <Scroll>
          <table>
            <Head of={['State', 'Item', 'What is wrong', 'Severity', 'Owner', 'Due']} />
            <tbody>
              {open.map((finding) => (
                <tr key={finding.id} data-row>
                  <td>
                    <State of={finding} />
                  </td>
                  <td>
                    <Link className="link" to="/findings/$id" params={{ id: finding.id }} search={time}>
                      <bdi>{finding.item.label}</bdi>
                    </Link>
                  </td>
                  <td>{finding.title}</td>
                  <td>{finding.severity}</td>
                  <td>
                    <bdi>{finding.owner}</bdi>
                  </td>
                  <td className="nowrap">{spoken(finding.due).slice(0, 10)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </Scroll>
      )}
    </Panel>
  );
}
