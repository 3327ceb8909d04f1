import { Link, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { Answered, useAnswer } from '../api/answer.tsx';
import { address, type Answer } from '../api/ask.ts';
import { Artifact } from '../parts/Artifact.tsx';
import { Panel } from '../parts/Panel.tsx';
import { Head } from '../parts/Facts.tsx';
import { Glyph } from '../parts/Status.tsx';
import { ProofPanel } from '../proof/ProofPanel.tsx';
import { spoken, useTime } from '../time.ts';

type Whole = Answer<'records', 'read'>;
type Subject = Whole['artifacts'][number];

/** What was said, of whom, how completely; and that it is unaltered. */
export function RecordPage() {
  const { index = '' } = useParams({ strict: false });
  const answer = useAnswer<Whole>(`/records/${encodeURIComponent(index)}`);
  return <Answered answer={answer}>{(record) => <Page key={record.index} record={record} />}</Answered>;
}

function Page({ record }: { readonly record: Whole }) {
  const [shown, setShown] = useState<string | null>(record.artifacts[0]?.name ?? null);
  const artifact = record.artifacts.find(({ name }) => name === shown);
  return (
    <>
      <h1>{titleOf(record)}</h1>
      <p className="sub">
        Record {record.index}, number {record.seq} of its line, sealed {spoken(record.sealedAt)}
        {record.demo && ', demo'}.
      </p>
      <SampleLink record={record} />
      <ProofPanel record={record} />
      {record.disposed && <Disposed record={record} />}
      {reasonOf(record) !== null && (
        <p className="notice" role="note">
          {reasonOf(record)}
        </p>
      )}
      {record.unreadable !== null && (
        <p className="notice" role="note">
          The answers were sealed, but could not be read: {record.unreadable}
        </p>
      )}
      <div className="two">
        <div>
          {record.artifacts.length > 0 && (
            <Panel title="Artifacts" note={`${record.artifacts.length}, byte for byte`}>
              <div className="scroll short">
                <table>
                  <Head of={['Name', 'Asked', { num: 'Answer' }, { num: 'Size' }, 'SHA-256']} />
                  <tbody>
                    {record.artifacts.map((subject) => (
                      <tr key={subject.name} data-row aria-current={subject.name === shown ? 'true' : undefined}>
                        <td>
                          <button type="button" className="linkish mono" onClick={() => setShown(subject.name)}>
                            {subject.name}
                          </button>
                        </td>
                        <td className="mono wrap">
                          <bdi>
                            {subject.request.method} {subject.request.url}
                          </bdi>
                        </td>
                        <td className="num">{subject.status}</td>
                        <td className="num nowrap">{sizeOf(subject.size)}</td>
                        <td className="mono" title={subject.sha256}>
                          {subject.sha256.slice(0, 12)}…
                        </td>
                      </tr>
                    ))}
                  </tbody>
                </table>
              </div>
            </Panel>
          )}
          {artifact && <Shown index={record.index} artifact={artifact} />}
        </div>
        <div>
          <Envelope record={record} />
          <Said record={record} />
        </div>
      </div>
    </>
  );
}

/** Of a draw: where its items are shown. */
function SampleLink({ record: { index, body } }: { readonly record: Whole }) {
  const time = useTime();
  const { kind, control } = body as Body;
  if (kind !== 'draw' || typeof control !== 'string') return null;
  return (
    <p>
      <Link className="link" to="/controls/$id" params={{ id: control }} search={{ ...time, show: 'population', filter: `sample=${index}` }}>
        The items that it drew
      </Link>
    </p>
  );
}

type Body = Readonly<Record<string, unknown>> & { readonly kind?: string };
const text = (value: unknown): string | null => (typeof value === 'string' ? value : null);

function titleOf({ body, sealedAt }: Whole): string {
  const { kind } = body as Body;
  if (kind === 'run')
    return `${String((body.collector as { readonly id: string }).id)} ${text(body.name)}, as it answered at ${spoken(new Date(Number(body.startedAt)).toISOString())}`;
  if (kind === 'configuration') return `The configuration, as it stood at ${spoken(sealedAt)}`;
  if (kind === 'draw') return `A sample of ${String(body.size)}, drawn from the ${String(body.count)} items of ${text(body.control)}, ${text(body.check)}`;
  if (kind === 'attestation')
    return `${text(body.by) ?? 'Somebody'} ${body.act === 'approve' ? 'approves' : body.act === 'withdraw' ? 'withdraws' : 'states'} ${text(body.entryId) ?? 'an entry'} of ${text(body.register)}`;
  if (kind === 'act') return `${text(body.by) ?? 'Somebody'}: ${text(body.act)}${body.target ? ` ${text(body.target)}` : ''}`;
  return `Record of a ${kind ?? 'thing'}${body.step ? ` ${text(body.step)}` : ''}`;
}

function reasonOf({ body }: Whole): string | null {
  const { kind } = body as Body;
  if (kind === 'run' && text(body.reason) !== null) return `Incomplete: ${text(body.reason)} Nothing that rests on this run is shown as passing.`;
  if (kind === 'attestation' && body.authenticated !== true) return 'Nothing shows that it was them: it counts as a statement of fact, and approves nothing.';
  if (kind === 'disposal' || kind === 'hold')
    return `By ${text(body.approver) ?? text(body.by) ?? 'nobody any more'}: ${text(body.reason) ?? 'why was disposed of'}`;
  return null;
}

function Disposed({ record: { disposed } }: { readonly record: Whole }) {
  const time = useTime();
  if (!disposed) return null;
  return (
    <p className="notice" role="note">
      <b>DISPOSED.</b> Its evidence was disposed of in{' '}
      <Link className="link" to="/log/$index" params={{ index: String(disposed.by) }} search={time}>
        record {disposed.by}
      </Link>{' '}
      on {spoken(disposed.at)}. What it said in the open is left, and that it was in the log. Nothing that rests on it is shown as passing.
    </p>
  );
}

interface Question {
  readonly name: string;
  readonly request: { readonly method: string; readonly url: string };
  readonly pages: number;
  readonly ended: boolean;
  readonly received: number | null;
  readonly total: number | null;
}

/** Whether all of it came: what was asked, of whom, as whom, how many pages, and the source's own count against what came. */
function Envelope({ record: { body, rows } }: { readonly record: Whole }) {
  if ((body as Body).kind !== 'run') return null;
  const questions = (body.questions as readonly Question[]) ?? [];
  const granted = body.granted as readonly string[] | null;
  return (
    <section className={body.outcome === 'success' ? 'panel' : 'panel incomplete'}>
      <div className="sec">
        <h2>Completeness</h2>
        <span className="more">
          <Glyph of={body.outcome === 'success' ? 'pass' : 'unknown'} label={body.outcome === 'success' ? 'Complete' : 'Incomplete'} />
        </span>
      </div>
      <dl className="kv pad">
        <dt>Asked as</dt>
        <dd>
          <bdi>{text(body.askedAs) ?? 'the source does not say'}</bdi>
        </dd>
        <dt>Answered by</dt>
        <dd>
          <bdi>{text(body.answeredBy) ?? 'the source does not say'}</bdi>
        </dd>
        {granted && (
          <>
            <dt>Granted</dt>
            <dd className="wrap">{granted.join(', ') || 'nothing'}</dd>
          </>
        )}
        {text(body.endpoint) !== null && (
          <>
            <dt>Asked of</dt>
            <dd className="c-unknown">{text(body.endpoint)}, in place of the vendor’s own address</dd>
          </>
        )}
      </dl>
      <ul className="questions">
        {questions.map(({ name, pages, ended, received, total }) => (
          <li key={name}>
            <span className="mono wrap">{name}</span>
            <span>
              {received === null ? '' : total === null ? `${received} received, source gives no total` : `${received} of ${total}`}
              {!ended && <b className="c-unknown"> stopped</b>}
            </span>
            <span className="marks" role="img" aria-label={`${pages} pages${ended ? '' : ', not to its end'}`}>
              {Array.from({ length: Math.min(pages, 30) }, (_, page) => (
                <i key={page} />
              ))}
              {!ended && <i className="missing" />}
              {pages > 30 && <small>{pages}</small>}
            </span>
          </li>
        ))}
      </ul>
      {rows && (
        <p className="pad sub">
          Rows it gave:{' '}
          {Object.entries(rows)
            .map(([dataset, count]) => `${dataset} ${count}`)
            .join(', ')}
          .
        </p>
      )}
    </section>
  );
}

function Said({ record }: { readonly record: Whole }) {
  return (
    <Panel title="Statement" note="what was signed">
      <dl className="kv pad">
        <dt>Digest</dt>
        <dd className="mono wrap">{record.digest}</dd>
        <dt>Not before</dt>
        <dd>the checkpoint of {record.afterCheckpoint.size} records existed when it was signed</dd>
      </dl>
      <details className="pad">
        <summary>All that it says</summary>
        <pre>{JSON.stringify(record.body, null, 2)}</pre>
      </details>
    </Panel>
  );
}

function Shown({ index, artifact }: { readonly index: number; readonly artifact: Subject }) {
  return (
    <Panel
      title={artifact.name}
      note={`${sizeOf(artifact.size)}, ${artifact.mediaType}`}
      aside={
        <a className="link more" href={address(`/records/${index}/artifacts/${encodeURIComponent(artifact.name)}`)} download>
          Download the bytes
        </a>
      }
    >
      <Artifact index={index} name={artifact.name} sha256={artifact.sha256} />
    </Panel>
  );
}

export const sizeOf = (bytes: number): string =>
  bytes < 1000 ? `${bytes} B` : bytes < 1_000_000 ? `${(bytes / 1000).toFixed(1)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
