import type { Instant } from '../core/instant.ts';
import { peopleAt } from '../engine/approval.ts';
import type { Case } from '../engine/cases.ts';
import { casesAt } from '../engine/cases.ts';
import { waiverLines } from '../engine/waivers.ts';
import { acceptancesOwed } from './acceptances.ts';
import type { Alerts } from './alert-views.ts';
import { attest, type Means, prepareStatement, type StandingStatement, type Stated, type Statement, statementsThatStand } from './attest.ts';
import { type HistoryLine, historyOf } from './finding-history.ts';
import { dutiesOf } from './findings.ts';
import type { Ground } from './grounds.ts';
import { type Owed, owedBy, type Owes } from './tasks.ts';

/** What people do in a workspace, and what they have to do. */
export interface Acting {
  /** Seals what people state, one record each. Throws `ConfigurationError` that says what is wrong, before any is sealed. */
  attest(statements: readonly Statement[]): Promise<readonly Stated[]>;
  /** The bytes that a passkey is to sign of a statement, and when it would be made. Throws `ConfigurationError` where it would be refused. */
  prepareStatement(statement: Statement): Promise<{ readonly bytes: Uint8Array; readonly at: Instant }>;
  /** What people have stated and not taken back; of one kind, where asked. */
  statements(kind?: string): Promise<readonly StandingStatement[]>;
  /** What people did about a finding up to an instant, the oldest first, each with its record. */
  findingHistory(finding: Pick<Case, 'id' | 'check' | 'item'>, until: Instant): Promise<readonly HistoryLine[]>;
  /** What somebody who is signed in has to do, by what their role lets them do. */
  tasks(who: Owes): Promise<Owed>;
  /** Worker ids of whom an address is, aliases included. */
  workersOf(email: string): Promise<readonly string[]>;
}

interface Around extends Means {
  /** Throws where nothing could be sealed. */
  ready(): void;
  grounds(): Promise<Ground>;
  alerts(): Alerts;
}

export function acting(around: Around): Acting {
  const { archive, clock, timezone, ready, grounds } = around;
  return {
    attest: (statements) => {
      ready();
      return attest(around, statements);
    },
    prepareStatement: (statement) => prepareStatement(around, statement),
    statements: (kind) => statementsThatStand(around, kind),
    findingHistory: async (finding, until) => historyOf({ archive, ...(await grounds()) }, finding, until),

    async tasks(who) {
      const ground = await grounds();
      const now = clock();
      const period = { from: ground.period.from, to: now + 1 };
      const workerIds = peopleAt(ground.engine.facts, [who.email], now);
      return owedBy(
        {
          now,
          acceptances: who.states ? acceptancesOwed(ground, workerIds, now) : [],
          cases: casesAt(ground, now, null).cases,
          waivers: waiverLines(ground, now),
          statements: await statementsThatStand(around),
          occurrences: who.decides ? dutiesOf(ground, ground.catalog.controls, { period, timezone, now }) : [],
          controls: ground.catalog.controls,
          alerts: who.answers ? await around.alerts().list(true) : [],
          policy: around.alerts().rules(),
        },
        { ...who, workerIds },
      );
    },

    workersOf: async (email) => peopleAt((await grounds()).engine.facts, [email], clock()),
  };
}
