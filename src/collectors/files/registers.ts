import { z } from 'zod';
import { kindOf, kinds } from '../../attestations/index.ts';
import type { Kind, Said } from '../../attestations/kind.ts';
import { isWithdrawn, rowOf } from '../../attestations/read.ts';
import { IncompleteError } from '../../core/error.ts';
import { meant } from '../../core/near.ts';
import type { Dataset } from '../../datasets/dataset.ts';
import type { Instant } from '../../core/instant.ts';
import { type RegisterEntry, registerEntries } from '../../datasets/register/entries.ts';
import { textOf } from '../answers.ts';
import { defineCollector, events, type Of, type Table, table } from '../collector.ts';
import { askingGit } from '../git-asking.ts';
import type { Artifact } from '../source.ts';
import { type Entry, entriesOf, registerOf } from './entries.ts';
import { judgementsOf, SIGNED, signatureHolds } from '../signatures.ts';
import { bindings, FORMAT, type Landed, landedOf, lastChange, NO_SIGNATURES, provenance, type Signatures } from './landed.ts';

const RegistersConfig = z.strictObject({
  path: z.string().min(1).default('.').describe('Folder that is under version control: the workspace unless said'),
  folder: z
    .string()
    .regex(/^(?![-./])[\w./ -]*\w$/, 'expected a folder, like registers')
    .default('registers')
    .describe('Folder of the registers in it; each file ending in .yaml is one'),
  kinds: z
    .array(z.string())
    .default([])
    .superRefine((named, context) => {
      for (const [place, id] of named.entries())
        if (!kindOf(id))
          context.addIssue({ code: 'custom', path: [place], message: `no kind is called ${id}${meant(id, KINDS)}. There are: ${KINDS.join(', ')}` });
    })
    .describe('Registers of these kinds are there, and whole: their entries are rows of datasets (docs/registers.md)'),
  signatures: z
    .enum(['ignored', 'counted', 'required'])
    .default('ignored')
    .describe('Signatures of commits by keys of the register people-keys: who signs a commit of somebody else approves it; required: nothing else approves'),
});
type RegistersConfig = z.infer<typeof RegistersConfig>;

const KINDS = kinds.map(({ id }) => id);
const kindsOf = ({ kinds: named }: RegistersConfig): readonly Kind[] => named.flatMap((id) => kindOf(id) ?? []);
const fedBy = (of: readonly Kind[]): readonly Dataset[] => [registerEntries as unknown as Dataset, ...of.flatMap(({ dataset }) => dataset ?? [])];

/** How many commits are named in one question. */
const AT_ONCE = 400;

const lenient = new TextDecoder();
const answer = (artifacts: readonly Artifact[], question: string): Artifact => {
  const found = artifacts.find(({ name }) => name === question);
  if (!found) throw new RangeError(`nothing was asked under the name ${question}`);
  return found;
};
const historyOf = (artifacts: readonly Artifact[], question: string): readonly Landed[] => landedOf(lenient.decode(answer(artifacts, question).body));

export const filesRegisters = defineCollector<RegistersConfig, 'git'>({
  id: 'files/registers',
  title: 'Registers that people keep as YAML files under version control, with who changed each entry and who approved it',
  version: 5,
  transport: 'git',
  hosts: () => [],
  operations: [],
  permissions: [{ right: 'read the folder of the workspace', why: 'the files as they are committed, and their history; nothing is written' }],
  credentials: {},
  repository: ({ path }) => path,
  every: '1d',
  config: RegistersConfig,
  feeds: fedBy(kinds),
  feedsOf: (config) => fedBy(kindsOf(config)),
  cannotTell: [
    'what is not committed: an edit counts once it is in the commit that is checked out',
    'whether an owner, a reviewer or a date in an entry is true: it is the entry’s own word',
    'who clicked "merge" on the page of a host that squashes commits under its own name: approval is then unknown',
    'whether whom a line such as "Reviewed-by:" names has looked at it: the author writes it, and it approves nothing',
    'whether names and addresses in commits are true: git takes them as they are given; "signatures" has keys show it',
    'who approved that an entry was taken away: what is gone is no entry any more',
  ],
  partitions: ({ folder }) => [folder],

  async *collect(source, of) {
    const { asked, ask } = askingGit(source);
    const { folder, path } = of.config;
    yield await ask('head', 'rev-parse', '--verify', 'HEAD^{commit}');
    const head = textOf(answer(asked, 'head')).trim();
    yield await ask('shallow', 'rev-parse', '--is-shallow-repository');
    if (textOf(answer(asked, 'shallow')).trim() !== 'false')
      throw new IncompleteError(`${path} is a shallow clone: who changed an entry lies beyond its end. Complete it with "git fetch --unshallow".`);
    yield await ask('files', 'ls-tree', '-r', '-z', head, `${folder}/`);
    const files = registersIn(asked, of);
    const missing = of.config.kinds.find((kind) => !files.some(({ file }) => registerOf(file, folder) === kind));
    if (missing !== undefined)
      throw new IncompleteError(
        `${folder}/${missing}.yaml is not committed, and "kinds" names it. Write the register and commit it (a file of comments alone says that there is none), or take the kind away.`,
      );
    if (files.length === 0)
      throw new IncompleteError(`nothing ending in .yaml is committed in ${folder}. Write a register there and commit it, or correct "folder".`);
    for (const { id, file } of files) yield await ask(`file ${file}`, 'cat-file', 'blob', id);
    yield await ask(
      'history',
      ...['log', '--first-parent', '--diff-merges=first-parent', '-p', '-U0', '--inter-hunk-context=0', '--text', '--no-renames', '--no-color'],
      ...['--no-notes', '--no-prefix', '--relative', FORMAT, head, '--', folder],
    );
    const merges = new Map(
      changesIn(asked, of, false).flatMap(({ entry: { file }, landed }) =>
        landed && landed.parents.length > 1 ? [[`${landed.sha} ${file}`, { file, landed }] as const] : [],
      ),
    );
    for (const { file, landed } of merges.values())
      yield await ask(
        broughtBy(landed, file),
        ...['log', '--full-history', '--no-merges', '--no-patch', '--no-notes', FORMAT, landed.sha, `^${landed.parents[0] ?? ''}`, '--', file],
      );
    if (of.config.signatures === 'ignored') return;
    const shas = [...new Set(changesIn(asked, of).flatMap(({ landed, brought }) => [landed, ...brought].flatMap((commit) => commit?.sha ?? [])))].sort();
    for (let [part, start] = [1, 0]; start < shas.length; part++, start += AT_ONCE) {
      const some = shas.slice(start, start + AT_ONCE);
      yield await ask(`signatures#${part}`, 'log', '--no-walk', '--no-patch', '--no-notes', SIGNED, ...some);
      yield await ask(`signed#${part}`, 'rev-list', '--header', '--no-walk', ...some);
    }
  },

  witness(artifacts) {
    return { askedAs: null, answeredBy: textOf(answer(artifacts, 'head')).trim(), granted: null, totals: {} };
  },

  normalize(artifacts, of) {
    const changes = changesIn(artifacts, of);
    const signatures = signaturesIn(artifacts, of, changes);
    const told = changes.map(({ entry: { lastLine: _, stated, ...entry }, landed, brought }) => ({
      stated,
      row: { ...entry, ...provenance(landed, brought, entry.register === KEYS ? NO_SIGNATURES : signatures), statement: null },
    }));
    const rows = told.map(({ row }) => row);
    return [table(registerEntries, rows), ...kindsOf(of.config).flatMap((kind) => (kind.dataset ? [rowsOf(kind, kind.dataset, told, of)] : []))];
  },
});

interface Told {
  readonly stated: Entry['stated'];
  readonly row: RegisterEntry;
}

/** The rows of one kind. Of events, an entry that went says nothing: an act is not undone by silence, and is taken back in words. */
function rowsOf(kind: Kind, dataset: Dataset, told: readonly Told[], of: Of<RegistersConfig>): Table {
  const its = told.flatMap(({ stated, row }) => (stated?.kind === kind ? [{ ...stated, row }] : []));
  const rows = its.flatMap(({ fields, row }) => (isWithdrawn(fields) ? [] : [rowOf(kind, fields, saidBy(row, of.at), of.timezone)]));
  if (!dataset.happened) return table(dataset, rows);
  const withdrawn = its.flatMap(({ fields, row }) => (isWithdrawn(fields) ? [row.entryId] : []));
  return { ...events(dataset, rows, { from: Math.min(of.since, of.at), to: of.at }), withdrawn };
}

/** Who stands behind an entry, by the commit that last changed it. */
function saidBy({ committedAt, authorEmail, approval, approverEmails }: RegisterEntry, at: Instant): Said {
  const approved = approval === 'unknown' ? 'unknown' : approval === 'none' ? 'no' : 'yes';
  const knownBy = authorEmail === null ? 'unknown' : 'commit';
  return { at: committedAt ?? at, authorEmail, knownBy, approved, approverEmails, approvedAt: approved === 'yes' ? committedAt : null };
}

const broughtBy = ({ sha }: Landed, file: string): string => `brought by ${sha} to ${file}`;

interface Change {
  readonly entry: Entry;
  readonly landed: Landed | null;
  /** Of a merge, the commits that it brought. */
  readonly brought: readonly Landed[];
}

/** Every entry, and the commit of the branch’s own line that last changed it; `whole`: with what a merge brought, once that was asked for. */
function changesIn(artifacts: readonly Artifact[], of: Of<RegistersConfig>, whole = true): readonly Change[] {
  const history = historyOf(artifacts, 'history');
  return registersIn(artifacts, of)
    .flatMap(({ file }) => entriesOf(textOf(answer(artifacts, `file ${file}`)), file, of.config.folder, of.timezone, kindsOf(of.config)))
    .map((entry) => {
      const landed = lastChange(entry, history);
      const merged = whole && landed !== null && landed.parents.length > 1;
      return { entry, landed, brought: merged ? historyOf(artifacts, broughtBy(landed, entry.file)) : [] };
    });
}

/** The register that says whose a key is. */
const KEYS = 'people-keys';

/** What the signatures of commits show, by the keys that the register of keys binds as it was read here. */
function signaturesIn(artifacts: readonly Artifact[], of: Of<RegistersConfig>, changes: readonly Change[]): Signatures {
  const { signatures } = of.config;
  if (signatures === 'ignored') return NO_SIGNATURES;
  const keys = changes.flatMap(({ entry: { register, entryId, until, stated, body }, landed, brought }) => {
    const { email, withdrawn } = JSON.parse(body) as { readonly email?: unknown; readonly withdrawn?: unknown };
    if (register !== KEYS || typeof email !== 'string' || (stated ? isWithdrawn(stated.fields) : withdrawn)) return [];
    return [{ key: entryId, email: email.toLowerCase(), until, by: provenance(landed, brought) }];
  });
  const holder = bindings(keys);
  const judged = new Map(artifacts.flatMap((artifact) => (/^signatures#/.test(artifact.name) ? [...judgementsOf(textOf(artifact))] : [])));
  const at = new Map(changes.flatMap(({ landed, brought }) => [landed, ...brought].flatMap((commit) => (commit ? [[commit.sha, commit.at] as const] : []))));
  return {
    required: signatures === 'required',
    of(sha) {
      const its = judged.get(sha);
      return { holds: signatureHolds(its), key: its?.key ?? null, email: holder(its?.key ?? null, at.get(sha) ?? of.at) };
    },
  };
}

/** The registers among the committed files. Other files of the folder, such as exports, are none. */
function registersIn(artifacts: readonly Artifact[], { config: { folder } }: Of<RegistersConfig>): readonly { readonly id: string; readonly file: string }[] {
  return textOf(answer(artifacts, 'files'))
    .split('\0')
    .flatMap((line) => {
      const [, mode = '', id = '', file = ''] = /^(\d+) \w+ ([0-9a-f]+)\t(.*)$/s.exec(line) ?? [];
      if (line !== '' && file === '') throw new RangeError(`"files" holds what is no file: ${line.slice(0, 80)}`);
      if (!/\.ya?ml$/.test(file)) return [];
      if (!mode.startsWith('100')) throw new IncompleteError(`${file} is a link and no file. Put the register itself there.`);
      if (!/^[\w./ -]+$/.test(file))
        throw new IncompleteError(`${file}: in the name of a register stand letters, digits, spaces, dots and dashes only. Rename it.`);
      if (!file.startsWith(`${folder}/`)) throw new RangeError(`"files" holds a file of another folder: ${file}`);
      return [{ id, file }];
    });
}
