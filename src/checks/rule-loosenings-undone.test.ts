import { checkTester } from '../../test/check-tester.ts';
import { bruno, chloe, exception, ines, protectionChange } from '../../test/operation-rows.ts';
import { account, system } from '../../test/rows.ts';
import { instant } from '../core/instant.ts';
import { ruleLooseningsUndone } from './rule-loosenings-undone.ts';

const given = {
  scope: [system({ systemId: 'github' })],
  actors: [account({ systemId: 'github', userId: 'g1', login: 'ines-duarte', personId: 'W-1' })],
  people: [ines, bruno, chloe],
};
const back = (at: string, over: Parameters<typeof protectionChange>[0] = {}) =>
  protectionChange({ eventId: `E-${at}`, action: 'protected_branch.create', change: 'created', loosened: 'no', occurredAt: instant(at), ...over });
const switched = protectionChange({ action: 'protected_branch.update_admin_enforced', change: 'changed', what: ['admin_enforced: false'] });
const edit = 'protected_branch.destroy of main in acme/web by ines-duarte on 2026-05-20T11:55:00Z';
const open = (by: string) => `${edit} made the rules refuse less, and nothing had made them stricter again by ${by}`;

checkTester(ruleLooseningsUndone, {
  conforms: {
    'ten minutes later': { item: protectionChange(), given: { ...given, later: [back('2026-05-20T12:05:00Z')] } },
    'a switch, by the switch': {
      item: switched,
      given: { ...given, later: [back('2026-05-20T12:05:00Z', { change: 'changed', what: ['admin_enforced: true'] })] },
    },
    'by the end of the exception': { item: protectionChange(), given: { ...given, allowed: [exception()], later: [back('2026-05-21T20:00:00Z')] } },
  },
  deviates: {
    never: { item: protectionChange(), given, because: open('2026-05-21T11:55:00Z') },
    'too late': { item: protectionChange(), given: { ...given, later: [back('2026-05-21T11:55:01Z')] }, because: open('2026-05-21T11:55:00Z') },
    'a switch, and another one afterwards': {
      item: switched,
      given: { ...given, later: [back('2026-05-20T12:05:00Z', { change: 'changed', what: ['dismiss_stale_reviews_on_push: true'] })] },
      because: open('2026-05-21T11:55:00Z').replace('destroy', 'update_admin_enforced'),
    },
    'after the end of the exception': {
      item: protectionChange(),
      given: { ...given, allowed: [exception()], later: [back('2026-05-23T09:00:00Z')] },
      because: open('2026-05-22T00:00:00Z'),
    },
    'an exception that nobody else approved gives no time': {
      item: protectionChange(),
      given: { ...given, allowed: [exception({ approverEmails: [] })], later: [back('2026-05-21T20:00:00Z')] },
      because: open('2026-05-21T11:55:00Z'),
    },
    'another rule, another repository, a further loosening and a removal undo nothing': {
      item: protectionChange(),
      given: {
        ...given,
        later: [
          back('2026-05-20T12:05:00Z', { kind: 'ruleset' }),
          back('2026-05-20T12:06:00Z', { repoId: 'r2', repo: 'acme/api' }),
          back('2026-05-20T12:07:00Z', { loosened: 'unknown' }),
          back('2026-05-20T12:08:00Z', { change: 'removed' }),
          back('2026-05-20T11:00:00Z'),
        ],
      },
      because: open('2026-05-21T11:55:00Z'),
    },
  },
  unknown: {
    'later, and the exception names no control': {
      item: protectionChange(),
      given: { ...given, allowed: [exception({ controlId: null })], later: [back('2026-05-21T20:00:00Z')] },
      because: 'from which control the exception EX-1 departs is not told',
    },
    'the event names no rule': {
      item: protectionChange({ target: null }),
      given,
      because: 'which rule protected_branch.destroy in acme/web by ines-duarte on 2026-05-20T11:55:00Z concerned is not told',
    },
    'nor which way a later edit of the same went': {
      item: switched,
      given: { ...given, later: [back('2026-05-20T12:05:00Z', { change: 'changed', loosened: 'unknown', what: ['admin_enforced: non_admins'] })] },
      because: `whether all that ${edit.replace('destroy', 'update_admin_enforced')} took away came back is not told`,
    },
    'nor what it did': {
      item: protectionChange({ loosened: 'unknown', change: 'changed' }),
      given,
      because: `whether ${edit} made the rules refuse less is not told`,
    },
  },
  notYet: {
    'the register is read once a week': { item: protectionChange(), given, at: instant('2026-05-28T11:54:59Z') },
    'the exception lasts': { item: protectionChange(), given: { ...given, allowed: [exception({ until: instant('2026-07-01T00:00:00Z') })] } },
    'a system out of scope': { item: protectionChange() },
  },
  ignores: {
    'a rule that was made stricter': protectionChange({ loosened: 'no', change: 'changed' }),
    'a single use': protectionChange({ change: 'overridden' }),
  },
});
