import { Hono } from 'hono';
import { beginCompany, besideOf, isWorkspace } from '../../app/beside.ts';
import { loadDemo, needsDemo } from '../../app/demo.ts';
import { ConfigurationError } from '../../core/error.ts';
import type { Companies } from '../../server/api/asking.ts';
import { companies, enterAt } from '../../server/companies.ts';
import { operations } from '../../server/operations.ts';
import { listen } from '../../server/server.ts';
import { numberArgument } from '../arguments.ts';
import type { AddCommand } from '../command.ts';
import { type Door, openDoor } from '../door.ts';
import { LOG_OPTION } from '../journal.ts';

interface Options {
  readonly port: string;
  readonly host: string;
  readonly log: string;
  readonly worker: boolean;
  readonly demo?: boolean;
  readonly company?: string;
  readonly url?: string;
}

export const addServe: AddCommand = (program, run) => {
  program
    .command('serve')
    .description('serve the posture on this machine, and do what is due: ask sources, make reports, look after the log')
    .option('--port <N>', 'port', '7400')
    .option('--host <ADDRESS>', 'address to listen on: 0.0.0.0 within a container', '127.0.0.1')
    .option('--url <URL>', 'under which it is reached through what stands before it: https://tickmark.acme.example ("server.url" of tickmark.yaml unless said)')
    .option('--demo', 'where there is no workspace yet, load the made-up company Acme first')
    .option('--company <DIR>', 'beside the made-up company: the folder of your own ("company" beside it unless said)')
    .option('--no-worker', 'serve only: "tickmark worker" does what is due')
    .option(...LOG_OPTION)
    .action(
      run<Options>(async ({ dir, output }, { port, host, demo, company, worker, log, url }) => {
        const number = numberArgument(port, '--port', { min: 0, max: 65_535 });
        // A taken port is said at once, not after the demo was made.
        const probe = await listen(new Hono(), number, host);
        await probe.close();
        if (demo && needsDemo(dir)) {
          output.note(`There is no workspace in ${dir} that this version reads: loading the made-up company Acme (half a minute or so) ...`);
          await loadDemo({ dir, progress: (done, of) => output.progress(`telling of Acme: ${done} of ${of} runs`) });
        }

        let address = '';
        const doors: Door[] = [];
        const own = company ?? besideOf(dir);
        const beside = besides({ doors, own, address: () => address, open: () => opened(own) });
        const opened = async (folder: string) => {
          const door = await openDoor({ dir: folder, output, log, url, companies: beside });
          doors.push(door);
          return door;
        };
        const first = await opened(dir);
        if (first.workspace.demo && isWorkspace(own) && !process.env.DATABASE_URL) await opened(own);
        const { its, workspace } = first;
        const started = await workspace.posture();
        await workspace.ahead();
        const served = companies({
          all: () => doors.map(({ workspace: { demo: isDemo, company: name }, app }) => ({ id: isDemo ? 'demo' : 'company', name, app })),
          url: () => url ?? workspace.url ?? address,
        });
        const asked = { health: () => workspace.health(), metrics: its.metrics, token: process.env.TICKMARK_METRICS_TOKEN ?? null };
        const server = await listen(operations(asked, served), number, host);
        address = server.url;
        for (const door of doors) door.listens(server.url);
        const links = await Promise.all(doors.map((door) => wayIn(door)));

        output.give({ url: server.url, workspace: dir, signIn: links[0]?.url ?? null });
        output.say(`Tickmark serves ${doors.length > 1 ? doors.map((door) => door.workspace.company).join(' and ') : started.company} on ${server.url}`);
        its.journal.note(
          workspace.demo
            ? `It is made up: its records are marked as demo. ${doors.length > 1 ? `Your own company is served beside it, from ${own}.` : 'Begin your own in the dashboard, "Start with my company", or with: npx tickmark init my-company'}`
            : 'Next: npx tickmark status, or npx tickmark collect to ask every source now.',
        );
        for (const link of links) if (link) output.say(link.says);
        if (log === 'text') output.note('Stop with Ctrl-C.');

        for (const door of doors) await door.begin({ worker });
        beside.ready({ worker });
        await its.stopped;
        await server.close();
        for (const door of doors.toReversed()) await door.close();
        return 0;
      }),
    );
};

/** How somebody comes in, by an address that leads to this company whichever one the browser was at. */
async function wayIn({ workspace, link }: Door): Promise<{ readonly url: string; readonly says: string } | null> {
  const its = await link();
  if (its === null || !workspace.demo) return its;
  const { origin, pathname } = new URL(its.url);
  const url = `${origin}${enterAt('demo', pathname)}`;
  return { url, says: its.says.replace(its.url, url) };
}

interface Besides {
  readonly doors: readonly Door[];
  /** Folder of one's own company. */
  readonly own: string;
  readonly address: () => string;
  readonly open: () => Promise<Door>;
}

/** The companies of this server, and how one's own comes to be beside the made-up one. */
function besides({ doors, own, address, open }: Besides): Companies & { ready(how: { readonly worker: boolean }): void } {
  let how: { readonly worker: boolean } | null = null;
  let busy = false;
  return {
    ready(its) {
      how = its;
    },
    list: () =>
      doors.map(({ workspace: { demo, company: name } }) => {
        const id = demo ? ('demo' as const) : ('company' as const);
        return { id, name, enter: enterAt(id, '/') };
      }),
    async begin(beginning) {
      if (how === null || busy) throw new ConfigurationError('a company is being begun this moment. Look again in a minute.');
      if (doors.some(({ workspace }) => !workspace.demo)) throw new ConfigurationError('your own company is there already. Enter it at the head of the page.');
      if (process.env.DATABASE_URL)
        throw new ConfigurationError('DATABASE_URL names one database, which holds one company. Begin your own with "tickmark init" and a server of its own.');
      busy = true;
      try {
        beginCompany(own, beginning);
        const door = await open();
        door.listens(address());
        await door.begin(how);
        const link = await door.link();
        return enterAt('company', link === null ? '/' : new URL(link.url).pathname);
      } finally {
        busy = false;
      }
    },
  };
}
