import { useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { type FormEvent, type ReactNode, useEffect, useId, useRef, useState } from 'react';
import { Answered, useAnswer } from '../../api/answer.tsx';
import { type Answer, Problem, send, type WrongField } from '../../api/ask.ts';
import { Labelled, type Schema, SchemaFields } from '../../parts/SchemaForm.tsx';
import { type Catalogue, type Collector, NotHere, paramsOf } from './Catalogue.tsx';
import { FilePicker } from './FilePicker.tsx';
import { Least } from './Least.tsx';
import { type Trial, TrialResult } from './TrialResult.tsx';
import './connect.css';

type Form = Answer<'connect', 'form'>;
type Saved = Answer<'connect', 'add'>;

/** Connects a source: what it needs to know, the least that it may, a trial, and only then the file. */
export function ConnectSourcePage() {
  const { vendor = '', kind = '' } = useParams({ strict: false });
  const catalogue = useAnswer<Catalogue>('/collectors');
  const navigate = useNavigate();
  return (
    <Answered answer={catalogue}>
      {({ collectors, editing }) => {
        const collector = collectors.find(({ id }) => id === `${vendor}/${kind}`);
        if (!collector) return <NoSuch />;
        return (
          <>
            <h1>
              Connect <span className="id">{collector.id}</span>.
            </h1>
            <p className="sub">{collector.title}.</p>
            <SourceForm
              key={collector.id}
              collector={collector}
              editing={editing}
              saved={(name) => void navigate({ to: '/sources/$vendor/$kind/$name', params: { ...paramsOf(collector.id), name } })}
            />
          </>
        );
      }}
    </Answered>
  );
}

/** Changes a source that is there. */
export function ChangeSourcePage() {
  const { vendor = '', kind = '', name = '' } = useParams({ strict: false });
  const catalogue = useAnswer<Catalogue>('/collectors');
  const form = useAnswer<Form>(`/sources/${vendor}/${kind}/${encodeURIComponent(name)}/form`);
  const navigate = useNavigate();
  return (
    <Answered answer={catalogue}>
      {({ collectors, editing }) => (
        <Answered answer={form}>
          {(was) => {
            const collector = collectors.find(({ id }) => id === `${vendor}/${kind}`);
            if (!collector) return <NoSuch />;
            return (
              <>
                <h1>
                  Change <span className="id">{collector.id}</span> <bdi>{name}</bdi>.
                </h1>
                <p className="sub">What it has told stays. From the next run on it is asked as you say here.</p>
                <SourceForm
                  collector={collector}
                  editing={editing}
                  was={{ ...was, name }}
                  saved={() => void navigate({ to: '/sources/$vendor/$kind/$name', params: { vendor, kind, name } })}
                />
              </>
            );
          }}
        </Answered>
      )}
    </Answered>
  );
}

const NoSuch = () => (
  <div className="refused">
    <h1>There is no such collector.</h1>
    <p className="sub">
      <Link className="link" to="/sources/connect">
        Every collector there is
      </Link>
    </p>
  </div>
);

interface Filled {
  readonly name: string;
  readonly config: Readonly<Record<string, unknown>>;
  readonly endpoint: string;
  readonly every: string;
  readonly credentials: Readonly<Record<string, string>>;
  readonly chain: boolean;
}

/** The form itself: also a step of the first ten minutes. */
export function SourceForm({
  collector,
  editing,
  was = null,
  saved,
}: {
  readonly collector: Collector;
  readonly editing: Catalogue['editing'];
  readonly was?: (Form & { readonly name: string }) | null;
  readonly saved: (name: string) => void;
}) {
  const [filled, setFilled] = useState<Filled>({
    name: was?.name ?? freeName(collector.connected),
    config: was?.config ?? {},
    endpoint: was?.endpoint ?? '',
    every: was?.every ?? '',
    credentials: {},
    chain: was?.chain ?? false,
  });
  const [digest, setDigest] = useState(was?.digest ?? editing.digest);
  const [wrong, setWrong] = useState<readonly WrongField[]>([]);
  const [said, setSaid] = useState<string | null>(null);
  const [trial, setTrial] = useState<Trial | null>(null);
  const [busy, setBusy] = useState<'trial' | 'save' | null>(null);
  const client = useQueryClient();
  const top = useRef<HTMLFormElement>(null);
  const set = (change: Partial<Filled>) => setFilled((before) => ({ ...before, ...change }));
  const laid = (path: string) => setFilled((before) => ({ ...before, config: { ...before.config, path } }));

  useEffect(() => {
    if (wrong.length > 0) top.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [wrong]);

  const body = {
    config: filled.config,
    endpoint: filled.endpoint.trim() === '' ? null : filled.endpoint.trim(),
    every: filled.every.trim() === '' ? null : filled.every.trim(),
    credentials: filled.credentials,
    chain: filled.chain,
  };
  const ask = async <Out,>(what: 'trial' | 'save', doing: () => Promise<Out>, done: (out: Out) => void) => {
    setBusy(what);
    setSaid(null);
    setWrong([]);
    try {
      done(await doing());
    } catch (error) {
      const fields = error instanceof Problem ? error.fields : [];
      setWrong(fields);
      setSaid(
        fields.length > 0
          ? `${fields.length === 1 ? 'One field has' : `${fields.length} fields have`} to be corrected.`
          : error instanceof Error
            ? error.message
            : String(error),
      );
      if (error instanceof Problem && error.kind === 'changed-meanwhile') {
        const now = await client.fetchQuery<Catalogue>({ queryKey: ['/collectors', {}], staleTime: 0 });
        setDigest(now.editing.digest);
      }
    } finally {
      setBusy(null);
    }
  };
  const test = () => ask('trial', () => send<Trial>('POST', '/sources/trial', { collector: collector.id, name: filled.name, ...body }), setTrial);
  const save = (event: FormEvent) => {
    event.preventDefault();
    const { vendor, kind } = paramsOf(collector.id);
    void ask(
      'save',
      () =>
        was === null
          ? send<Saved>('POST', '/sources', { collector: collector.id, name: filled.name, ...body, digest })
          : send<Saved>('PUT', `/sources/${vendor}/${kind}/${was.name}`, { ...body, digest }),
      ({ restart }) => {
        setFilled({ ...filled, credentials: {} });
        void client.invalidateQueries();
        if (restart.length === 0) saved(filled.name);
        else setSaid(`It is saved. Whoever runs the server has changed ${restart.join(', ')} too: all of it is taken up when the server begins anew.`);
      },
    );
  };

  return (
    <>
      {editing.refused !== null && <NotHere why={editing.refused} demo={/made up/.test(editing.refused)} />}
      <div className="connect">
        <form ref={top} className="panel fields" onSubmit={save} noValidate>
          <SchemaFields
            schema={collector.schema as Schema}
            value={filled.config}
            onChange={(config) => set({ config: config as Filled['config'] })}
            wrong={wrong}
            path="config"
            {...(collector.transport === 'file'
              ? {
                  fileOf: (name: string) => name === 'path' && <FilePicker laid={laid} refused={editing.refused !== null} />,
                }
              : {})}
          />
          <Secrets collector={collector} filled={filled} was={was} wrong={wrong} set={set} />
          <Besides collector={collector} filled={filled} was={was} wrong={wrong} set={set} />
          {wrong
            .filter(({ name }) => name === 'config' || name === 'chain')
            .map(({ name, says }) => (
              <p className="wrong" key={name}>
                {says}.
              </p>
            ))}
          <div className="row acts">
            <button type="button" className="btn" disabled={busy !== null} onClick={() => void test()}>
              {busy === 'trial' ? 'Asking…' : 'Test it'}
            </button>
            <button type="submit" className="btn primary" disabled={busy !== null || editing.refused !== null}>
              {busy === 'save' ? 'Saving…' : was === null ? 'Save source' : 'Save changes'}
            </button>
            <span role={said === null ? 'status' : 'alert'} className={said === null ? undefined : 'wrong'}>
              {said}
            </span>
          </div>
        </form>
        <Least collector={collector} />
      </div>
      {trial && <TrialResult trial={trial} />}
    </>
  );
}

interface Part {
  readonly collector: Collector;
  readonly filled: Filled;
  readonly was: Form | null;
  readonly wrong: readonly WrongField[];
  readonly set: (change: Partial<Filled>) => void;
}

function Secrets({ collector, filled, was, wrong, set }: Part) {
  const names = Object.entries(collector.credentials);
  const id = useId();
  if (names.length === 0) return null;
  return (
    <fieldset className="group">
      <legend>Credential</legend>
      <p className="hint">It is encrypted at once, asked of this source alone, and never shown again: not here, not in the log, not in tickmark.yaml.</p>
      {collector.transport === 'aws' && (
        <label className="check">
          <input type="checkbox" checked={filled.chain} onChange={({ target }) => set({ chain: target.checked, credentials: {} })} /> Use what this machine has:
          its role, profile or variables
        </label>
      )}
      {!filled.chain &&
        names.map(([name, says]) => {
          const there = was?.credentials[name];
          const its = `${id}-${name}`;
          const problem = wrong.find((it) => it.name === `credentials.${name}`)?.says ?? null;
          return (
            <Labelled key={name} id={its} name={name} needed={there === undefined} hint={hintOf(says, there)} says={problem}>
              <textarea
                id={its}
                className="secret mono"
                rows={1}
                autoComplete="off"
                spellCheck={false}
                aria-invalid={problem !== null}
                aria-describedby={`${its}-hint${problem === null ? '' : ` ${its}-wrong`}`}
                value={filled.credentials[name] ?? ''}
                onChange={({ target }) => set({ credentials: { ...filled.credentials, [name]: target.value } })}
              />
            </Labelled>
          );
        })}
    </fieldset>
  );
}

const hintOf = (says: string, there: string | undefined): string => {
  const what = `${says.slice(0, 1).toUpperCase()}${says.slice(1)}`;
  if (there === undefined) return what;
  return `${what}. ${there === 'kept' ? 'One is kept; leave this empty to go on with it' : `It comes from ${there}; type one in to have Tickmark keep it instead`}`;
};

function Besides({ collector, filled, was, wrong, set }: Part): ReactNode {
  const id = useId();
  const says = (name: string) => wrong.find((it) => it.name === name)?.says ?? null;
  const field = (name: 'name' | 'endpoint' | 'every', hint: string, placeholder = '') => (
    <Labelled id={`${id}-${name}`} name={name} needed={name === 'name'} hint={hint} says={says(name)}>
      <input
        id={`${id}-${name}`}
        className="field"
        autoComplete="off"
        spellCheck={false}
        placeholder={placeholder}
        aria-invalid={says(name) !== null}
        aria-describedby={`${id}-${name}-hint${says(name) === null ? '' : ` ${id}-${name}-wrong`}`}
        value={filled[name]}
        onChange={({ target }) => set({ [name]: target.value })}
      />
    </Labelled>
  );
  return (
    <details className="more-fields" open={says('name') !== null || says('endpoint') !== null || says('every') !== null || filled.endpoint !== '' || undefined}>
      <summary>
        Called <code>{filled.name}</code>, asked every {filled.every || collector.every}
        {filled.endpoint !== '' && <> at {filled.endpoint}</>}
      </summary>
      {was === null && field('name', 'Your own name for this source; it stays, for runs are counted by it')}
      {field('every', `How often it is asked: ${collector.every} unless said`, collector.every)}
      {(collector.transport === 'http' || collector.transport === 'aws') &&
        field('endpoint', 'An address that stands in for the vendor’s own: a server of yours, or a stand-in to try it out')}
    </details>
  );
}

/** `main`, or the next that is free. */
function freeName(taken: readonly string[]): string {
  if (!taken.includes('main')) return 'main';
  for (let count = 2; ; count++) if (!taken.includes(`main-${count}`)) return `main-${count}`;
}
