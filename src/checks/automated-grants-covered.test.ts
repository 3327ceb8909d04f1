import { checkTester } from '../../test/check-tester.ts';
import { birthrightRule, engagement, lifecycleEvent, system } from '../../test/rows.ts';
import { days, instant, minutes } from '../core/instant.ts';
import { automatedGrantsCovered } from './automated-grants-covered.ts';

const scope = [system()];
const holders = [engagement()];
const given = instant('2026-05-20T12:00:00Z');
const grant = lifecycleEvent({
  ...{ type: 'app-added', userId: 'u1', login: 'ines.duarte@acme.example', detail: 'GitHub', actor: 'HR synchronisation', actorKind: 'automation' },
  occurredAt: given,
});
const approval = { approved: 'yes', approverEmails: ['boss@acme.example'], approvedAt: given - days(30) } as const;
const rule = (over: Parameters<typeof birthrightRule>[0] = {}) =>
  birthrightRule({ grants: ['mail', 'github'], audience: ['engineering'], ...approval, ...over });
const says = 'GitHub was given by HR synchronisation on 2026-05-20T12:00:00Z';
const none = `${says}, and no rule gives that to ines.duarte@acme.example`;

checkTester(automatedGrantsCovered, {
  conforms: {
    'a rule for the department': { item: grant, given: { scope, holders, rules: [rule({ ruleId: 'BR-9', grants: ['AWS'] }), rule()] } },
    'a rule for everybody, whatever the department': {
      item: grant,
      given: { scope, holders: [engagement({ department: null })], rules: [rule({ audience: [] })] },
    },
    'approved within the tolerance of the clocks': { item: grant, given: { scope, holders, rules: [rule({ approvedAt: given + minutes(5) })] } },
    'an account, by any rule of its system': { item: { ...grant, type: 'created', detail: null }, given: { scope, holders, rules: [rule()] } },
  },
  deviates: {
    'no rule': { item: grant, given: { scope, holders }, because: none },
    'a rule that gives something else': { item: grant, given: { scope, holders, rules: [rule({ grants: ['GitHub Enterprise'] })] }, because: none },
    'a rule for another department': { item: grant, given: { scope, holders, rules: [rule({ audience: ['Finance'] })] }, because: none },
    'an account for which no rule is': {
      item: { ...grant, type: 'created', detail: null },
      given: { scope, holders, rules: [rule({ audience: ['Finance'] })] },
      because: 'the account was given by HR synchronisation on 2026-05-20T12:00:00Z, and no rule gives that to ines.duarte@acme.example',
    },
    'an account that is no person’s': {
      item: grant,
      given: { scope, holders: [engagement({ personId: null, ownerId: 'W-2' })], rules: [rule({ audience: [] })] },
      because: none,
    },
    'a rule that its author alone wrote': {
      item: grant,
      given: { scope, holders, rules: [rule({ approved: 'no', approverEmails: [], approvedAt: null })] },
      because: `${says}, and nobody else had approved the rule BR-1 by then`,
      cites: { rules: [0] },
    },
    'a rule that was approved afterwards': {
      item: grant,
      given: { scope, holders, rules: [rule({ approvedAt: given + minutes(5) + 1 })] },
      because: `${says}, and nobody else had approved the rule BR-1 by then`,
      cites: { rules: [0] },
    },
  },
  unknown: {
    'an account nobody knows': {
      item: grant,
      given: { scope, rules: [rule()] },
      because: 'nobody knows whose account ines.duarte@acme.example is, and so which rule it falls under',
    },
    'an account of another system does not tell whose it is': {
      item: grant,
      given: { scope, holders: [engagement({ systemId: 'github' })], rules: [rule()] },
      because: 'nobody knows whose account ines.duarte@acme.example is, and so which rule it falls under',
    },
    'an account that is tied to nobody': {
      item: grant,
      given: { scope, holders: [engagement({ personId: null, department: null })], rules: [rule()] },
      because: 'nobody knows whose account ines.duarte@acme.example is, and so which rule it falls under',
    },
    'a department that HR does not tell': {
      item: grant,
      given: { scope, holders: [engagement({ department: null })], rules: [rule()] },
      because: `${says}, and HR does not tell the department of ines.duarte@acme.example`,
    },
    'a rule of which nothing tells who approved it': {
      item: grant,
      given: { scope, holders, rules: [rule({ approved: 'unknown', approverEmails: [], approvedAt: null })] },
      because: `${says} as the rule BR-1 says, and nothing tells who approved that`,
    },
    'an outcome nobody told': { item: { ...grant, succeeded: 'unknown' }, given: { scope }, because: 'the log does not say whether the grant took effect' },
  },
  notYet: {
    'the register is read once a week': { item: grant, given: { scope, holders }, at: given + days(8) - 1 },
    'a system out of scope': { item: grant },
  },
  ignores: {
    'given by hand': { ...grant, actorKind: 'human' },
    'by nobody knows what': { ...grant, actorKind: 'unknown' },
    'something taken away': { ...grant, type: 'app-removed' },
    'a grant that failed': { ...grant, succeeded: 'no' },
  },
});
