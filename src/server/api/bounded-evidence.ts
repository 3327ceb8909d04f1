import type { BundleQuery } from '../../app/bundle.ts';
import type { Feeding, RecordLine, RecordView, RecordWindow, RecordWindowQuery, SourceLine, Workspace } from '../../app/views.ts';
import { type Bounds, boundsOf } from './bounds.ts';
import { problem } from './problem.ts';

/** What the API reads of the evidence of a workspace. */
export interface EvidenceReads
  extends Pick<
    Workspace,
    | 'record'
    | 'artifact'
    | 'sealed'
    | 'sources'
    | 'runsOf'
    | 'statements'
    | 'datasets'
    | 'rows'
    | 'people'
    | 'personList'
    | 'person'
    | 'accountList'
    | 'found'
    | 'byDigest'
    | 'accessReview'
    | 'evidenceReport'
    | 'exportBundle'
  > {
  /** Records older than `before`, the newest first: those that are wanted. A page may hold fewer than there are, for so many are looked at at most; `next` is where to go on. */
  recordPage(
    before: number | null,
    limit: number,
    wanted: (line: RecordLine) => boolean,
    outcomes?: readonly RecordLine['outcome'][],
  ): Promise<{ readonly lines: readonly RecordLine[]; readonly next: number | null }>;
  /** A part of a list of records whose length is known; `null` within bounds, where that is known once all of it is read. */
  recordWindow(asked: RecordWindowQuery): Promise<RecordWindow | null>;
  /** The configured sources that somebody may know of. */
  aboutSources(): Promise<ReturnType<Workspace['sourcesAbout']>>;
  /** Throws a problem where somebody may not see a record. */
  admit(index: number): Promise<void>;
  /** Throws a problem where nothing of what somebody may see is examined by a dataset. @param what as a sentence begins */
  admitDataset(id: string, what: string): Promise<void>;
}

/** At most so many records are looked at for one page of those that somebody may see. */
const LOOKED = 5000;
/** Among so many runs of a source in a period the last of each partition is looked for. */
const RUNS = 100;
/** What the graph of people is read from. */
const GRAPH = 'people.accounts';
/** What is read of policies, and what is told of them to whoever audits nothing that rests on it. */
const POLICIES = ['policy.documents', 'policy.acceptances'];
const NOT_ASKED = { covered: false, gaps: ['Policies are outside of the controls that you audit.'], lines: [] };

/** The reads of evidence without bounds. */
export const wholeEvidence = (workspace: Workspace): Pick<EvidenceReads, 'recordPage' | 'recordWindow' | 'aboutSources' | 'admit' | 'admitDataset'> => ({
  aboutSources: async () => workspace.sourcesAbout(),
  recordWindow: (asked) => workspace.recordWindow(asked),
  recordPage: (before, limit, wanted, outcomes) => pageOfRecords(workspace, { before, limit, outcomes }, async (line) => wanted(line)),
  admit: async () => undefined,
  admitDataset: async () => undefined,
});

async function pageOfRecords(
  workspace: Pick<Workspace, 'records'>,
  { before, limit, outcomes }: { readonly before: number | null; readonly limit: number; readonly outcomes: readonly RecordLine['outcome'][] | undefined },
  shows: (line: RecordLine) => Promise<boolean>,
): Promise<{ readonly lines: readonly RecordLine[]; readonly next: number | null }> {
  const lines: RecordLine[] = [];
  let last = before;
  for (let looked = 0; looked < LOOKED; ) {
    const more = await workspace.records(last, Math.min(500, LOOKED - looked), outcomes);
    for (const line of more) {
      last = line.index;
      if (await shows(line)) lines.push(line);
      if (lines.length === limit) return { lines, next: last === 0 ? null : last };
    }
    looked += more.length;
    if (more.length === 0 || last === 0) return { lines, next: null };
  }
  return { lines, next: last };
}

/** The reads of evidence that lie within some bounds: records of the period, told by sources of the controls. */
export function boundedEvidence(workspace: Workspace, bounds: Bounds): EvidenceReads {
  const { controls, period } = bounds;
  const here = boundsOf(bounds);
  const now = () => workspace.now();

  let fed: Promise<Feeding> | null = null;
  const feeding = () => (fed ??= workspace.feeding(controls ?? []));

  /** Whether somebody may see a record: of the period, and told by a source of the controls, or about the log itself. */
  async function sees(index: number): Promise<boolean> {
    const { sealedAt, body } = await workspace.sealed(index);
    if (period !== null && !(period.from <= sealedAt && sealedAt < period.to)) return false;
    if (controls === null) return true;
    if (body.kind === 'run') return (await feeding()).tells({ body });
    if (body.kind === 'attestation') return (await feeding()).registers.has(body.register);
    if (body.kind === 'draw') return controls.includes(body.control);
    return body.kind !== 'act';
  }

  /** Why something is held or was disposed of is not said to whoever audits a control. */
  const lineOf = (line: RecordLine): RecordLine =>
    controls !== null && (line.outcome === 'hold' || line.outcome === 'disposal') ? { ...line, reason: null } : line;

  async function admit(index: number): Promise<void> {
    if (!(await sees(index))) throw problem('out-of-bounds', `Record ${index} lies outside of them: ${here.says}.`);
  }

  /** Whether the checks of the controls read it. */
  async function admitDataset(id: string, what: string): Promise<void> {
    if (controls !== null && !(await feeding()).datasets.has(id))
      throw problem('out-of-bounds', `${what} is nothing that ${controls.join(', ')} are examined by.`);
  }

  /** The last run of a partition that was sealed within the period; of many since, none of the newest few may be. */
  async function lastWithin({ collector, name, partition, last }: SourceLine): Promise<SourceLine['last']> {
    if (period === null || last === null || (await sees(last.record))) return last;
    const runs = await workspace.runsOf({ collector, name, before: last.record, limit: RUNS, since: period.from, until: period.to });
    const run = runs.find((its) => its.partition === partition);
    return run ? { at: run.outcome === 'skip' ? run.slot : run.startedAt, complete: run.outcome === 'success', reason: run.reason, record: run.record } : null;
  }

  /** The part of a report's period, and of its controls. */
  function part({ period: asked, controls: named }: BundleQuery): BundleQuery {
    for (const id of named ?? []) here.control(id);
    return { period: here.period(asked, asked), controls: named ?? controls };
  }

  return {
    admit,
    admitDataset,

    recordWindow: async () => null,
    recordPage: async (before, limit, wanted, outcomes) => {
      const page = await pageOfRecords(workspace, { before, limit, outcomes }, async (line) => wanted(lineOf(line)) && sees(line.index));
      return { ...page, lines: page.lines.map(lineOf) };
    },

    async record(index): Promise<RecordView> {
      await admit(index);
      const view = await workspace.record(index);
      return controls === null ? view : { ...view, record: { ...view.record, body: confided(view.record.body) } };
    },

    async artifact(index, name) {
      await admit(index);
      return workspace.artifact(index, name);
    },

    async sealed(index) {
      await admit(index);
      return workspace.sealed(index);
    },

    async sources() {
      const all = await workspace.sources();
      const sources = controls === null ? null : (await feeding()).sources;
      const lines = sources ? all.filter(({ collector, name }) => sources.has(`${collector}/${name}`)) : all;
      // What comes next lies behind the period, or is about to.
      return Promise.all(lines.map(async (line) => ({ ...line, nextAt: null, last: await lastWithin(line) })));
    },

    async statements(kind) {
      const registers = controls === null ? null : (await feeding()).registers;
      const lines = await workspace.statements(kind);
      return lines.filter((line) => (registers === null || registers.has(line.kind)) && (period === null || (period.from <= line.at && line.at < period.to)));
    },

    async aboutSources() {
      const about = workspace.sourcesAbout();
      if (controls === null) return about;
      const { sources } = await feeding();
      return about.filter(({ collector, name }) => sources.has(`${collector}/${name}`));
    },

    async runsOf(query) {
      if (controls !== null && !(await feeding()).sources.has(`${query.collector}/${query.name}`))
        throw problem('out-of-bounds', `${query.collector}/${query.name} tells of nothing that ${controls.join(', ')} are examined by.`);
      const [since, until] = [Math.max(query.since ?? -Infinity, period?.from ?? -Infinity), Math.min(query.until ?? Infinity, period?.to ?? Infinity)];
      return workspace.runsOf({ ...query, since, until });
    },

    async datasets(asked) {
      const lines = await workspace.datasets(here.asOf(asked, now()));
      if (controls === null) return lines;
      const { datasets } = await feeding();
      return lines.filter(({ id }) => datasets.has(id));
    },

    async rows({ period: span, then, ...query }) {
      await admitDataset(query.dataset, query.dataset);
      if (then) await admit(then.record);
      const asOf = here.asOf(query.asOf, now());
      return workspace.rows({ ...query, asOf, ...(span ? { period: here.period(span, span) } : {}), ...(then ? { then } : {}) });
    },

    async people(asOf, then) {
      await admitDataset(GRAPH, 'Who works here');
      if (then) await admit(then.record);
      return workspace.people(here.asOf(asOf, now()), then);
    },

    async personList(query) {
      await admitDataset(GRAPH, 'Who works here');
      if (query.then) await admit(query.then.record);
      return workspace.personList({ ...query, asOf: here.asOf(query.asOf, now()) });
    },

    async person(id, asOf, then) {
      await admitDataset(GRAPH, 'Who works here');
      if (then) await admit(then.record);
      const told = await workspace.person(id, here.asOf(asOf, now()), then);
      if (!told || controls === null) return told;
      const { datasets } = await feeding();
      return POLICIES.every((dataset) => datasets.has(dataset)) ? told : { ...told, policies: NOT_ASKED };
    },

    async accountList(query) {
      await admitDataset(GRAPH, 'Whose an account is');
      if (query.then) await admit(query.then.record);
      return workspace.accountList({ ...query, asOf: here.asOf(query.asOf, now()) });
    },

    async found(query) {
      await admitDataset(GRAPH, 'Who works here');
      return workspace.found({ ...query, asOf: here.asOf(query.asOf, now()) });
    },

    async byDigest(hex) {
      const seen: number[] = [];
      for (const index of await workspace.byDigest(hex)) if (await sees(index)) seen.push(index);
      return seen;
    },

    async accessReview(month) {
      await admitDataset(GRAPH, 'The access review');
      const document = await workspace.accessReview(month);
      here.asOf(document.stamp.asOf, now());
      return document;
    },

    evidenceReport: (query) => workspace.evidenceReport(part(query)),
    exportBundle: (options, file) => workspace.exportBundle({ ...options, ...part(options) }, file),
  };
}

type Body = RecordView['record']['body'];

/** Of a hold and a disposal what their heads say: to whoever is bounded to controls, why and by whom is none of their audit. */
function confided(body: Body): Body {
  if (body.kind === 'hold') return { ...body, reason: null, by: null };
  return body.kind === 'disposal' ? { ...body, reason: null, approver: null, policy: null, receipt: null } : body;
}
