import { acceptancesOf, acceptedBy, inForceAt, isOf, versions } from '../checks/accepting.ts';
import { policiesAcceptedByNewWorkers } from '../checks/policies-accepted-by-new-workers.ts';
import { revisedPoliciesAcceptedByWorkforce } from '../checks/revised-policies-accepted-by-workforce.ts';
import type { Instant } from '../core/instant.ts';
import { holds } from '../core/interval.ts';
import type { Dataset } from '../datasets/dataset.ts';
import { type Worker, workers } from '../datasets/people/workers.ts';
import { type Acceptance, acceptances } from '../datasets/policy/acceptances.ts';
import type { Document } from '../datasets/policy/documents.ts';
import { bases } from '../engine/derive.ts';
import type { Fact } from '../engine/facts.ts';
import type { Ground } from './grounds.ts';

/** What somebody accepted, and the records that tell of it. */
export interface AcceptedLine {
  readonly version: string;
  readonly at: Instant;
  readonly shownBy: Acceptance['shownBy'];
  readonly records: readonly number[];
}

/** One policy, as it stands with one person. */
export interface PolicyLine {
  readonly policy: string;
  readonly title: string;
  /** The version in force; `null` of a policy that none is told of any more. */
  readonly current: {
    readonly version: string;
    readonly since: Instant;
    /** Where its text stands, as it is written; `null` where that is not told. */
    readonly location: string | null;
    readonly records: readonly number[];
  } | null;
  /** The newest first, those of former engagements included. */
  readonly accepted: readonly AcceptedLine[];
  /** Of the version in force. `not asked` where it need not be accepted, and of who has left. */
  readonly state: 'accepted' | 'owed' | 'overdue' | 'unknown' | 'not asked';
  /** When it is or was due; `null` where nothing is owed. */
  readonly due: Instant | null;
}

/** The policies, as they stand with one person. */
export interface PoliciesOf {
  /** Whether everybody who works here, all policies and all acceptances were told. Where not, what is not accepted is not known to be owed. */
  readonly covered: boolean;
  readonly gaps: readonly string[];
  /** What is overdue first. */
  readonly lines: readonly PolicyLine[];
}

const WORKERS = workers as unknown as Dataset;
const DOCUMENTS = versions.dataset;
const ACCEPTANCES = acceptances as unknown as Dataset;
const ORDER: readonly PolicyLine['state'][] = ['overdue', 'unknown', 'owed', 'accepted', 'not asked'];

/** What somebody accepted and owes at an instant, by the rules of the checks that ask for it. */
export function policiesOf(on: Ground, worker: Worker, at: Instant): PoliciesOf {
  const silent = [...bases(WORKERS), DOCUMENTS.id, ACCEPTANCES.id].filter((id) => !on.coverage.dataset(id).some((span) => holds(span, at)));
  const told = documentsAt(on, at);
  const theirs = acceptedAt(on, worker, at);
  const known = told.map(rowOf<Document>);
  const current = inForceAt(known, at);
  const gone = theirs.map(rowOf<Acceptance>).flatMap(({ policyId }) => (current.some((its) => its.policyId === policyId) ? [] : [policyId]));
  const line = (policy: string, document: Document | null): PolicyLine => {
    const records = told.find((fact) => fact.row === (document as unknown))?.records ?? [];
    return {
      policy,
      title: document?.title ?? policy,
      current: document && { version: document.version, since: document.effectiveAt, location: document.location, records },
      accepted: theirs.flatMap((fact): readonly AcceptedLine[] => {
        const { policyId, version, acceptedAt: when, shownBy } = rowOf<Acceptance>(fact);
        return policyId === policy ? [{ version, at: when, shownBy, records: fact.records }] : [];
      }),
      ...standing(on, { document, known, given: theirs.map(rowOf<Acceptance>), worker, at, told: silent.length === 0 }),
    };
  };
  const lines = [...current.map((document) => line(document.policyId, document)), ...[...new Set(gone)].map((policy) => line(policy, null))];
  return {
    covered: silent.length === 0,
    gaps: silent.flatMap((id) => on.coverage.explain(id, at)),
    lines: lines.sort((a, b) => ORDER.indexOf(a.state) - ORDER.indexOf(b.state) || (a.title < b.title ? -1 : 1)),
  };
}

/** A version that somebody is to accept. */
export interface OwedAcceptance {
  readonly policy: string;
  readonly title: string;
  readonly version: string;
  readonly location: string | null;
  readonly due: Instant | null;
}

/** What these people, by the ids of HR, are known to owe at an instant. */
export function acceptancesOwed(on: Ground, workerIds: readonly string[], at: Instant): readonly OwedAcceptance[] {
  const rows = { dataset: WORKERS };
  return workerIds.flatMap((workerId) => {
    const told = [...on.engine.facts.having(rows, 'workerId', workerId)].flatMap((item) => on.engine.facts.of(rows, item));
    const engaged = told.filter((fact) => holds(fact, at) && rowOf<Worker>(fact).startAt <= at).map(rowOf<Worker>);
    const [newest] = engaged.sort((a, b) => b.startAt - a.startAt);
    if (!newest) return [];
    return policiesOf(on, newest, at).lines.flatMap(({ policy, title, current, state, due }) =>
      current !== null && (state === 'owed' || state === 'overdue') ? [{ policy, title, version: current.version, location: current.location, due }] : [],
    );
  });
}

interface Asked {
  readonly document: Document | null;
  readonly known: readonly Document[];
  readonly given: readonly Acceptance[];
  readonly worker: Worker;
  readonly at: Instant;
  readonly told: boolean;
}

function standing(on: Ground, { document, known, given, worker, at, told }: Asked): Pick<PolicyLine, 'state' | 'due'> {
  const { startAt, terminationAt } = worker;
  if (!document?.mustBeAccepted || (terminationAt !== null && terminationAt <= at)) return { state: 'not asked', due: null };
  const mine = given.filter((acceptance) => isOf(acceptance, worker));
  const accepts = (version: Document) => acceptedBy(acceptancesOf(version, known, mine), at);
  const first = inForceAt(known, startAt).find(({ policyId }) => policyId === document.policyId);
  const dues = [
    ...(first?.mustBeAccepted && accepts(first) !== 'yes' ? [startAt + deadlineOf(on, policiesAcceptedByNewWorkers.id)] : []),
    ...(document.effectiveAt >= startAt ? [document.effectiveAt + deadlineOf(on, revisedPoliciesAcceptedByWorkforce.id)] : []),
  ];
  const due = dues.length === 0 ? null : Math.min(...dues);
  const accepted = accepts(document);
  if (!told) return { state: 'unknown', due };
  if (accepted === 'yes') return { state: 'accepted', due: null };
  if (accepted === 'unknown' || document.approved !== 'yes') return { state: 'unknown', due };
  return { state: due !== null && due <= at ? 'overdue' : 'owed', due };
}

/** The deadline of a check, as the company has set it. */
const deadlineOf = ({ checks }: Ground, check: string): number => checks.find(({ id }) => id === check)?.adjustable.deadline?.value ?? 0;

const rowOf = <Row>({ row }: Fact): Row => row as unknown as Row;

function documentsAt({ engine: { facts } }: Ground, at: Instant): readonly Fact[] {
  const rows = { dataset: DOCUMENTS };
  return [...facts.items(rows)].flatMap((item) => facts.of(rows, item).filter((fact) => holds(fact, at) && versions.admits(rowOf<Document>(fact))));
}

/** What was accepted under their number or under an address of theirs, the newest first. */
function acceptedAt({ engine: { facts } }: Ground, { workerId, emails }: Worker, at: Instant): readonly Fact[] {
  const rows = { dataset: ACCEPTANCES };
  const items = new Set([...facts.having(rows, 'workerId', workerId), ...emails.flatMap((email) => [...facts.having(rows, 'emails', email)])]);
  return [...items]
    .flatMap((item) => facts.of(rows, item).filter((fact) => holds(fact, at)))
    .filter((fact) => [null, workerId].includes(rowOf<Acceptance>(fact).workerId))
    .sort((a, b) => b.from - a.from);
}
