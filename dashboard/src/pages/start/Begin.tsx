import { Link } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { Answered, useAnswer } from '../../api/answer.tsx';
import { type Answer, Problem, send, type WrongField } from '../../api/ask.ts';
import { Panel } from '../../parts/Panel.tsx';
import { Text } from './fields.tsx';
import { Categories, PeriodFields, SYSTEMS, SystemsField } from './ScopeFields.tsx';

type Companies = Answer<'companies', 'list'>;

/** From the made-up company to one's own: two doors. */
export function BeginPage() {
  const companies = useAnswer<Companies>('/companies');
  return (
    <Answered answer={companies}>
      {(its) => {
        const own = its.companies.find(({ id }) => id === 'company');
        if (own)
          return (
            <div className="refused">
              <h1>{own.name} is there already.</h1>
              <p className="sub">
                <a className="btn primary" href={own.enter}>
                  Go to {own.name}
                </a>
              </p>
            </div>
          );
        return its.begin ? <Begin /> : <NotHere />;
      }}
    </Answered>
  );
}

const NotHere = () => (
  <div className="refused">
    <h1>This server serves one company.</h1>
    <p className="sub">
      Begin your own on the command line: <code>npx tickmark init my-company</code>, then <code>npx tickmark serve --workspace my-company</code>.
    </p>
  </div>
);

function Begin() {
  const year = new Date().getUTCFullYear();
  const [filled, setFilled] = useState({
    company: '',
    timezone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    period: { from: `${year}-01-01`, to: `${year + 1}-01-01` },
    categories: ['Security'] as readonly string[],
    systems: [] as readonly string[],
  });
  const [wrong, setWrong] = useState<readonly WrongField[]>([]);
  const [said, setSaid] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const says = (name: string) => wrong.find((it) => it.name === name || it.name.startsWith(`${name}.`))?.says ?? null;
  const set = (change: Partial<typeof filled>) => {
    setFilled({ ...filled, ...change });
    setSaid(null);
  };
  const begin = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setSaid(null);
    setWrong([]);
    try {
      const systems = SYSTEMS.filter(({ id }) => filled.systems.includes(id));
      const { enter } = await send<Answer<'companies', 'begin'>>('POST', '/companies', { ...filled, systems });
      location.assign(enter); // its own sign-in, its own people
    } catch (error) {
      setWrong(error instanceof Problem ? error.fields : []);
      setSaid(error instanceof Problem && error.fields.length > 0 ? 'Something has to be corrected.' : error instanceof Error ? error.message : String(error));
      setBusy(false);
    }
  };
  return (
    <>
      <h1>What is your company called, and what does its audit cover?</h1>
      <p className="sub">
        It begins beside Acme: a folder, a log and people of its own, and nothing of Acme in it. Acme stays, and you can come back to it at any time. All of
        this can be changed later.
      </p>
      <form className="panel fields begin" onSubmit={(event) => void begin(event)} noValidate>
        <Text name="Name of the company" value={filled.company} set={(company) => set({ company })} hint="As reports print it" says={says('company')} />
        <Text
          name="Time zone"
          value={filled.timezone}
          set={(timezone) => set({ timezone })}
          hint="Of dates, deadlines and calendars: Europe/Berlin"
          says={says('timezone')}
        />
        <PeriodFields value={filled.period} set={(period) => set({ period })} says={says('period')} />
        <Categories value={filled.categories} set={(categories) => set({ categories })} />
        <SystemsField value={filled.systems} set={(systems) => set({ systems })} />
        <div className="row acts">
          <button type="submit" className="btn primary" disabled={busy || filled.company.trim() === ''}>
            {busy ? 'Beginning…' : 'Start with my company'}
          </button>
          <Link className="btn" to="/">
            Look at Acme
          </Link>
          <span className="wrong" role="alert">
            {said}
          </span>
        </div>
      </form>
      <Panel title="What comes next" note="about ten minutes">
        <ol className="facts-list pad">
          <li>You set up your own way in: an address and a password, a second factor if you like.</li>
          <li>You connect the first source. The identity provider tells the most.</li>
          <li>You see its answers come, and the first true finding with the record that it rests on.</li>
        </ol>
      </Panel>
    </>
  );
}
