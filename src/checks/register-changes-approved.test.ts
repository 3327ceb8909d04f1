import { checkTester } from '../../test/check-tester.ts';
import { registerEntry, worker } from '../../test/rows.ts';
import { registerChangesApproved } from './register-changes-approved.ts';

const ines = worker();
const bruno = worker({ workerId: 'W-2', fullName: 'Bruno Novak', emails: ['bruno.novak@acme.example'] });
const own = registerEntry({ approverEmails: ['ines@acme.example'] });
const change = 'commit aaaaaaaaaaaa by Ines Duarte of 2026-03-01T10:00:00Z';

checkTester(registerChangesApproved, {
  conforms: {
    'somebody else merged it': { item: registerEntry(), given: { author: [ines], approvers: [bruno] } },
    'somebody else signed it': { item: registerEntry({ approval: 'signature' }), given: { author: [ines], approvers: [bruno] } },
    'one of those who approved is another': {
      item: registerEntry({ approverEmails: ['bruno.novak@acme.example', 'ines@acme.example'] }),
      given: { author: [ines], approvers: [bruno], approverAliases: [{ workerId: 'W-1', emails: ['ines@acme.example'] }] },
    },
  },
  deviates: {
    'nobody else was there': { item: registerEntry({ approval: 'none', approverEmails: [] }), because: `${change} was approved by nobody else` },
    'its author named a reviewer': {
      item: registerEntry({ approval: 'none', approverEmails: [], claimedEmails: ['bruno.novak@acme.example'] }),
      given: { author: [ines], approvers: [bruno] },
      because: `${change} was approved by nobody else: that bruno.novak@acme.example did is its author’s word alone`,
    },
    'the author has two addresses': {
      item: own,
      given: { author: [ines], approverAliases: [{ workerId: 'W-1', emails: ['ines@acme.example'] }] },
      because: `${change} was approved by its author under another address: ines@acme.example`,
      cites: { author: [0], approverAliases: [0] },
    },
  },
  unknown: {
    'the host merged it': { item: registerEntry({ approval: 'unknown', approverEmails: [] }), because: `${change} does not say who approved it` },
    'the host merged it, and a line names a reviewer': {
      item: registerEntry({ approval: 'unknown', approverEmails: [], claimedEmails: ['bruno.novak@acme.example'] }),
      because: `${change} does not say who approved it: that bruno.novak@acme.example did is its author’s word alone`,
    },
    'no commit is known': {
      item: registerEntry({ commit: null, author: null, authorEmail: null, committedAt: null, approval: 'none', approverEmails: [] }),
      because: 'nothing tells which commit last changed it',
    },
    'nobody knows the author': {
      item: registerEntry(),
      given: { approvers: [bruno] },
      because: `no worker has the address under which ${change} was made`,
    },
    'nobody knows who approved': {
      item: registerEntry(),
      given: { author: [ines] },
      because: `no worker has the address under which ${change} was approved: bruno.novak@acme.example`,
    },
  },
});
