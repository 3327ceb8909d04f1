import { checkTester } from '../../test/check-tester.ts';
import { cloudAccount, ticket } from '../../test/operation-rows.ts';
import { account, privilegedSession, system, worker } from '../../test/rows.ts';
import { cloudChange } from '../../test/source-rows.ts';
import { instant } from '../core/instant.ts';
import { handChangesTicketed } from './hand-changes-ticketed.ts';

const scope = [system({ systemId: 'aws' })];
const named = (over: Parameters<typeof ticket>[0] = {}) => [
  ticket({ ticketId: 'OPS-12', ticketIds: ['OPS-12'], approvedAt: instant('2026-05-04T09:00:00Z'), ...over }),
];
const bare = cloudChange({ ticketId: null });
const session = (over: Parameters<typeof privilegedSession>[0] = {}) => [
  privilegedSession({
    ...{ systemId: 'aws', type: 'just-in-time', workerId: 'W-1', account: null, ticketId: 'OPS-3', allowedAt: instant('2026-05-04T09:30:00Z') },
    ...{ startedAt: instant('2026-05-04T09:45:00Z'), endedAt: instant('2026-05-04T11:00:00Z'), ...over },
  }),
];
const people = [worker({ workerId: 'W-1', emails: ['ines.duarte@acme.example'] })];
const said = 'ines.duarte@acme.example made it by hand on 2026-05-04T10:00:00Z';
const uncovered = `${said}, and neither a ticket nor a session that was allowed beforehand covers it`;

checkTester(handChangesTicketed, {
  conforms: {
    'a ticket approved before': { item: cloudChange(), given: { scope, named: named() } },
    'an emergency, approved afterwards': {
      item: cloudChange(),
      given: { scope, named: named({ type: 'emergency', approvedAt: instant('2026-05-05T09:00:00Z') }) },
    },
    'a session of that person': { item: bare, given: { scope, people, sessions: session() } },
    'a session under that name': { item: bare, given: { scope, sessions: session({ workerId: 'W-9', account: 'ines.duarte@acme.example' }) } },
    'a session of the person whose user it is': {
      item: cloudChange({ ticketId: null, actor: 'ines', actorEmail: null }),
      given: { scope, holders: [account({ systemId: 'aws', login: 'ines', personId: 'W-1' })], sessions: session() },
    },
    'breaking the glass': { item: bare, given: { scope, people, sessions: session({ type: 'break-glass', allowedAt: null }) } },
  },
  deviates: {
    'nothing covers it': { item: bare, given: { scope, people }, because: uncovered },
    'a role that nobody declared': {
      item: cloudChange({ ticketId: null, actorKind: 'unknown', actor: 'deploy-by-hand', actorEmail: null, role: 'Ops' }),
      given: { scope },
      because: 'deploy-by-hand made it by hand on 2026-05-04T10:00:00Z, and neither a ticket nor a session that was allowed beforehand covers it',
    },
    'a ticket that is none': {
      item: cloudChange(),
      given: { scope },
      because: `${said}; no tracker knows OPS-12, and no session that was allowed beforehand covers it`,
    },
    'trap 38: a ticket approved after it': {
      item: cloudChange(),
      given: { scope, named: named({ approvedAt: instant('2026-05-04T10:00:01Z') }) },
      because: `${said}; OPS-12 had not been approved by then, and no session that was allowed beforehand covers it`,
    },
    'a session of somebody else': { item: bare, given: { scope, people, sessions: session({ workerId: 'W-2' }) }, because: uncovered },
    'a session that had ended': {
      item: bare,
      given: { scope, people, sessions: session({ endedAt: instant('2026-05-04T09:59:59Z') }) },
      because: uncovered,
    },
    'a session without a ticket': { item: bare, given: { scope, people, sessions: session({ ticketId: null }) }, because: uncovered },
    'a session allowed too late': {
      item: bare,
      given: { scope, people, sessions: session({ allowedAt: instant('2026-05-04T10:00:01Z') }) },
      because: uncovered,
    },
    'a session in another system': {
      item: cloudChange({ ticketId: null, actor: 'ines', actorEmail: null }),
      given: { scope, holders: [account({ systemId: 'okta', login: 'ines', personId: 'W-1' })], sessions: session() },
      because: 'ines made it by hand on 2026-05-04T10:00:00Z, and neither a ticket nor a session that was allowed beforehand covers it',
    },
    'an account for tests in which production lies too': {
      item: bare,
      given: { scope, owned: [cloudAccount({ environment: 'nonproduction', mixed: 'yes' })] },
      because: uncovered,
    },
  },
  unknown: {
    'approvals are not asked for': {
      item: cloudChange(),
      given: { scope, named: named({ approvedAt: null, told: [] }) },
      because: 'whether OPS-12 was approved is not told',
    },
  },
  notYet: {
    'a system out of scope': { item: bare },
    'an account for tests': { item: bare, given: { scope, owned: [cloudAccount({ environment: 'nonproduction', mixed: 'no' })] } },
    'the registers may still tell of a session': { item: bare, given: { scope }, at: instant('2026-05-12T09:59:59Z') },
  },
  ignores: {
    'the pipeline': cloudChange({ actorKind: 'pipeline' }),
    'the cloud itself': cloudChange({ actorKind: 'cloud' }),
    'a program': cloudChange({ actorKind: 'machine' }),
    'a call that was refused': cloudChange({ outcome: 'refused' }),
    'a sign-in': cloudChange({ happenedAs: 'sign-in' }),
  },
});
