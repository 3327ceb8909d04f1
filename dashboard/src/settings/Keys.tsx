import { useState } from 'react';
import { spokenDuration } from '../../../src/core/spoken.ts';
import { Answered, useAnswer } from '../api/answer.tsx';
import { type Answer, send } from '../api/ask.ts';
import { useMe } from '../api/me.ts';
import { ActSaid } from '../parts/Act.tsx';
import { Fact, Head } from '../parts/Facts.tsx';
import { Scroll } from '../parts/Scroll.tsx';
import { Panel, Records } from '../parts/Panel.tsx';
import { spoken } from '../time.ts';
import { useCareful } from './Careful.tsx';
import { SettingsPage } from './Overview.tsx';

type View = Answer<'settings', 'keys'>;
type Key = View['keys'][number];

/** Which keys sign what, and since when. */
export function KeysPage() {
  const answer = useAnswer<View>('/keys');
  return (
    <SettingsPage>
      <Answered answer={answer}>{(view) => <Page view={view} />}</Answered>
    </SettingsPage>
  );
}

function Page({ view }: { readonly view: View }) {
  const me = useMe();
  const careful = useCareful();
  const [chosen, setChosen] = useState<Key | null>(null);
  const mayWrite = me.data?.permissions.includes('settings.write') ?? false;
  const signing = view.keys.filter(({ ended }) => ended === null);
  const ended = view.keys.filter((key) => key.ended !== null);
  return (
    <>
      <h1>{answerOf(view, signing)}</h1>
      <p className="sub">
        A stolen key can sign another past up to the record at which it was replaced. Only checkpoints that others hold tell that past from this one: witnesses,
        time stamps, an auditor’s pin.
      </p>
      <dl className="facts">
        <Fact name="Keys of the evidence">{view.payloads.says}</Fact>
        <Fact name="The log began">{view.began === null ? 'not yet' : spoken(view.began)}</Fact>
      </dl>
      {view.overlap && (
        <p className="notice" role="note">
          Two keys of the log sign until {spoken(view.overlap.until)}, so that whoever knows the old one has time to learn the new: record{' '}
          <Records of={[view.overlap.record]} />. Then the server retires the old one.
        </p>
      )}
      <ActSaid said={careful.said} />
      {careful.confirming}
      <KeyTable keys={signing} view={view} {...(mayWrite ? { choose: setChosen } : {})} />
      {chosen && (
        <Rotate
          key={`${chosen.role} ${chosen.who}`}
          of={chosen}
          busy={careful.busy}
          close={() => setChosen(null)}
          go={(who) =>
            void careful
              .act(
                () => send<Answer<'settings', 'rotate'>>('POST', '/keys/rotate', { who }),
                ({ record }) => `Record ${record} introduces the new key.`,
              )
              .then((done) => done && setChosen(null))
          }
        />
      )}
      {ended.length > 0 && <KeyTable keys={ended} view={view} />}
    </>
  );
}

function answerOf({ asOf, began }: View, signing: readonly Key[]): string {
  const since = signing.map(({ introduced }) => introduced?.at ?? began ?? asOf).sort()[0];
  const many = `${signing.length} ${signing.length === 1 ? 'key signs' : 'keys sign'}`;
  return since === undefined ? `${many}.` : `${many}, the oldest since ${since.slice(0, 10)}.`;
}

const whoOf = ({ role, who }: Key): string => (role === 'log' ? `the log, ${who}` : who === 'workspace' ? 'the workspace: acts, statements, holds' : who);

function KeyTable({ keys, view, choose }: { readonly keys: readonly Key[]; readonly view: View; readonly choose?: (key: Key) => void }) {
  const isOver = keys.every(({ ended }) => ended !== null);
  const age = ({ introduced }: Key) => spokenDuration(Math.max(0, Date.parse(view.asOf) - Date.parse(introduced?.at ?? view.began ?? view.asOf)));
  return (
    <Panel title={isOver ? 'Sign no more' : 'Sign now'} note={`${keys.length}`}>
      <Scroll>
        <table>
          <Head of={['Signs for', 'Fingerprint', 'Since', isOver ? 'Until' : 'For', ...(choose ? [{ listen: 'Replace' }] : [])]} />
          <tbody>
            {keys.map((key) => (
              <tr key={`${key.role} ${key.who} ${key.key}`} data-row>
                <td>
                  <bdi>{whoOf(key)}</bdi>
                </td>
                <td className="mono" title={key.key}>
                  {key.fingerprint.replace(/(.{4})(?=.)/g, '$1 ')}
                </td>
                <td className="nowrap">
                  {key.introduced === null ? (
                    'the beginning'
                  ) : (
                    <>
                      {spoken(key.introduced.at)} <Records of={[key.introduced.record]} />
                    </>
                  )}
                </td>
                <td className="nowrap">
                  {key.ended === null ? (
                    age(key)
                  ) : (
                    <>
                      {spoken(key.ended.at)} <Records of={[key.ended.record]} />
                    </>
                  )}
                </td>
                {choose && (
                  <td className="nowrap">
                    <button
                      type="button"
                      className="linkish"
                      disabled={key.role === 'log' && view.overlap !== null}
                      onClick={() => choose(key)}
                      aria-label={`Replace the key of ${key.who}`}
                    >
                      Replace
                    </button>
                  </td>
                )}
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
    </Panel>
  );
}

/** Said before it is done: what changes for whoever verifies. */
function Rotate({ of: key, busy, go, close }: { readonly of: Key; readonly busy: boolean; readonly go: (who: string) => void; readonly close: () => void }) {
  const isLog = key.role === 'log';
  return (
    <Panel title={`A new key for ${whoOf(key)}`}>
      <div className="acting">
        <p>
          {isLog
            ? 'For 30 days both keys sign every checkpoint. Give auditors and witnesses the new verifier key in that time; then a record retires the old one. If the old key was stolen, use the command line instead: npx tickmark log rotate-key --at-once.'
            : 'From the next record on a new key signs for it, and a record says so. Verifiers learn it from the log: nobody has to be told.'}
        </p>
        <div className="row">
          <button type="button" className="btn primary" disabled={busy} onClick={() => go(isLog ? 'log' : key.who)}>
            Replace this key
          </button>
          <button type="button" className="btn" onClick={close}>
            Change nothing
          </button>
        </div>
      </div>
    </Panel>
  );
}
