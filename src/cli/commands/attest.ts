import { readFileSync } from 'node:fs';
import { parseDocument } from 'yaml';
import type { Stated, Statement } from '../../app/attest.ts';
import { kindLines } from '../../app/kind-lines.ts';
import { parseIdentity } from '../../app/signed.ts';
import { ConfigurationError } from '../../core/error.ts';
import { iso } from '../../core/instant.ts';
import type { Workspace } from '../../app/views.ts';
import type { AddCommand } from '../command.ts';
import { personBehind, TOKEN_OPTION } from '../person.ts';
import { columns, type Output } from '../output.ts';

interface Options {
  readonly file?: string;
  readonly by?: string;
  readonly key?: string;
  readonly tokenFile?: string;
  readonly approve?: string;
  readonly withdraw?: string;
  readonly reason?: string;
}

export const addAttest: AddCommand = (program, run) => {
  const action = run<Options>(async ({ output, within }, options, kind, ...fields) => {
    if (kind === undefined) return listed(output);
    const unsigned = statementsOf(kind, fields, options);
    const stated = await within(async (workspace) => {
      const by = await whoSays(workspace, options);
      return workspace.attest(unsigned.map((statement): Statement => ({ ...statement, by })));
    });

    output.give(stated.map((line) => ({ ...line, at: iso(line.at) })));
    output.say(stated.map(people).join('\n'));
    return 0;
  });
  program
    .command('attest')
    .description('state what no machine knows: a record of the log under your name. Without a KIND, the kinds there are')
    .argument('[KIND]', 'what is stated: access-requests')
    .argument('[FIELD=VALUE...]', 'the entry: id=AR-1 title="Cloud, read". A list is written [one, two]')
    .option('--file <FILE>', 'entries in YAML or JSON: one, or a list')
    .option('--key <FILE>', 'your key, as "tickmark identity" made it')
    .option(...TOKEN_OPTION)
    .option('--by <ADDRESS>', 'who you are, without a key or a token: nothing shows it, and the statement approves nothing')
    .option('--approve <ID>', 'approve what another has stated, as it stands')
    .option('--withdraw <ID>', 'take back what was stated; it stays in the log')
    .option('--reason <TEXT>', 'why it is taken back')
    .action((kind: string | undefined, fields: readonly string[], ...rest: unknown[]) => action(...(kind === undefined ? [] : [kind, ...fields]), ...rest));
};

async function whoSays(workspace: Workspace, { key, by, tokenFile }: Options): Promise<Statement['by']> {
  const given = [key, by, tokenFile].filter((it) => it !== undefined);
  if (given.length === 0)
    throw new ConfigurationError(
      'who says so? Sign with --key FILE ("tickmark identity" makes one), show a token of yours with --token-file FILE, or name yourself with --by ADDRESS.',
    );
  if (given.length > 1) throw new ConfigurationError('say who you are in one way: --key FILE, --token-file FILE or --by ADDRESS.');
  if (tokenFile !== undefined) return personBehind(workspace, tokenFile, 'statements.make');
  return key === undefined ? { email: by ?? '' } : parseIdentity(contents(key, '--key'), key);
}

type Unsigned = Omit<Statement, 'by'>;

function statementsOf(kind: string, fields: readonly string[], { file, approve, withdraw, reason }: Options): readonly Unsigned[] {
  const given = [approve, withdraw, file, fields.length > 0 ? 'fields' : undefined].filter((it) => it !== undefined);
  if (given.length !== 1) throw new ConfigurationError('say what is stated in one way: FIELD=VALUE ..., --file FILE, --approve ID or --withdraw ID.');
  if (approve !== undefined) return [{ kind, act: 'approve', entry: { id: approve } }];
  if (withdraw !== undefined) return [{ kind, act: 'withdraw', entry: { id: withdraw, withdrawn: reason ?? null } }];
  const written = file === undefined ? Object.fromEntries(fields.map(fieldOf)) : parsed(contents(file, '--file'), file);
  const entries: readonly unknown[] = Array.isArray(written) ? written : [written];
  if (entries.length === 0) throw new ConfigurationError(`--file ${file}: it holds no entry.`);
  return entries.map((entry) => ({ kind, act: 'state', entry: entry as Unsigned['entry'] }));
}

/** `requested=2026-03-02T09:00:00Z`; the value is YAML, so that true, 12 and [one, two] are what they look like. */
function fieldOf(text: string): readonly [name: string, value: unknown] {
  const [, name, value] = /^([A-Za-z]+)=(.*)$/s.exec(text) ?? [];
  if (name === undefined || value === undefined) throw new ConfigurationError(`${text}: expected FIELD=VALUE, like id=AR-1.`);
  return [name, /^\[.*\]$|^\{.*\}$|^(true|false)$|^-?\d+$/s.test(value) ? parsed(value, text) : value];
}

function parsed(text: string, where: string): unknown {
  const document = parseDocument(text);
  const [broken] = document.errors;
  if (broken) throw new ConfigurationError(`${where}: neither YAML nor JSON: ${broken.message.split('\n')[0]}`);
  return document.toJS({ maxAliasCount: 0 });
}

function contents(path: string, flag: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new ConfigurationError(`${flag} ${path}: the file cannot be read.`, cause);
  }
}

const SHOWN: Readonly<Record<Stated['knownBy'], string>> = {
  key: 'signed',
  session: 'known by their session',
  token: 'known by their token',
  none: 'not authenticated',
};

function people({ record, kind, entry, act, by, knownBy, authenticated, because }: Stated): string {
  const does = { state: 'states', approve: 'approves', withdraw: 'takes back' }[act];
  const what = `Record ${record}: ${by} ${does} ${kind}/${entry}`;
  return authenticated
    ? `${what}, ${SHOWN[knownBy]}.`
    : `${what}. Not authenticated (${because ?? 'nobody signed it'}): it counts as a statement of fact, and approves nothing.`;
}

function listed(output: Output): 0 {
  const lines = kindLines();
  output.give(lines);
  output.say(
    [
      columns(lines.map(({ id, dataset, needsApproval, title }) => [id, dataset ?? '(register)', needsApproval ? 'needs approval' : '', title])),
      '',
      'docs/reference/statements.md says which fields each has.',
    ].join('\n'),
  );
  return 0;
}
