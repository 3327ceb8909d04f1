import { checkTester } from '../../test/check-tester.ts';
import { bruno, chloe, exception, ines, protectionChange } from '../../test/operation-rows.ts';
import { account, system } from '../../test/rows.ts';
import { instant } from '../core/instant.ts';
import { ruleLooseningsApproved } from './rule-loosenings-approved.ts';

const given = {
  scope: [system({ systemId: 'github' })],
  actors: [account({ systemId: 'github', userId: 'g1', login: 'ines-duarte', personId: 'W-1' })],
  people: [ines, bruno, chloe],
};
const edit = 'protected_branch.destroy of main in acme/web by ines-duarte on 2026-05-20T11:55:00Z';
const none = `${edit} made the rules refuse less, and no exception allowed it`;

checkTester(ruleLooseningsApproved, {
  conforms: {
    'an exception allowed it': { item: protectionChange(), given: { ...given, allowed: [exception()] } },
    'by the id of the check': { item: protectionChange(), given: { ...given, allowed: [exception({ controlId: 'rule-loosenings-approved' })] } },
    'by the name of the repository': { item: protectionChange(), given: { ...given, allowed: [exception({ subjectId: 'acme/web', until: null })] } },
    'of a rule of the whole organization': {
      item: protectionChange({ kind: 'ruleset', action: 'repository_ruleset.update', repoId: null, repo: null }),
      given: { ...given, allowed: [exception({ subjectId: 'github' })] },
    },
  },
  deviates: {
    'trap 34: off for ten minutes, and nobody asked': { item: protectionChange(), given, because: none },
    'approved only afterwards': {
      item: protectionChange(),
      given: { ...given, allowed: [exception({ approvedAt: instant('2026-05-20T12:00:00Z') })] },
      because: none,
    },
    'an exception from another control': { item: protectionChange(), given: { ...given, allowed: [exception({ controlId: 'CM-01' })] }, because: none },
    'the exception had ended': {
      item: protectionChange(),
      given: { ...given, allowed: [exception({ until: instant('2026-05-20T00:00:00Z') })] },
      because: none,
    },
    'of another repository': { item: protectionChange(), given: { ...given, allowed: [exception({ subjectId: 'acme/api' })] }, because: none },
    'one for the whole organization does not name the repository': {
      item: protectionChange(),
      given: { ...given, allowed: [exception({ subjectId: 'github' })] },
      because: none,
    },
    'trap 30: approved by who made the change': {
      item: protectionChange(),
      given: { ...given, allowed: [exception({ approverEmails: ['ines.duarte@acme.example'] })] },
      because: `${edit} made the rules refuse less, and nobody else had approved the exception for it`,
    },
    'approved by who wrote it, under another address': {
      item: protectionChange(),
      given: {
        ...given,
        people: [ines, { ...bruno, emails: ['bruno.novak@acme.example', 'bruno@acme.example'] }],
        allowed: [exception({ approverEmails: ['bruno@acme.example'] })],
      },
      because: `${edit} made the rules refuse less, and nobody else had approved the exception for it`,
    },
    'a machine made it': { item: protectionChange({ actorKind: 'automation' }), given, because: none },
  },
  unknown: {
    'nobody knows who made it': {
      item: protectionChange(),
      given: { ...given, actors: [], allowed: [exception()] },
      because: 'nobody knows who ines-duarte is, and so who may not approve',
    },
    'nobody tells who approved the exception': {
      item: protectionChange(),
      given: { ...given, allowed: [exception({ approved: 'unknown', approverEmails: [], approvedAt: null })] },
      because: 'whether the exception EX-1 was approved is not told',
    },
    'the exception names no control': {
      item: protectionChange(),
      given: { ...given, allowed: [exception({ controlId: null })] },
      because: 'from which control the exception EX-1 departs is not told',
    },
    'nobody tells whether less is refused': {
      item: protectionChange({ action: 'repository_ruleset.update', kind: 'ruleset', change: 'changed', loosened: 'unknown' }),
      given,
      because:
        'whether repository_ruleset.update of main in acme/web by ines-duarte on 2026-05-20T11:55:00Z made the rules refuse less is not told, and no exception allowed it',
    },
  },
  notYet: {
    'the register is read once a week': { item: protectionChange(), given, at: instant('2026-05-28T11:54:59Z') },
    'a system out of scope': { item: protectionChange() },
  },
  ignores: {
    'a rule that was made stricter': protectionChange({ loosened: 'no', change: 'changed' }),
    'a single use': protectionChange({ change: 'overridden' }),
  },
});
