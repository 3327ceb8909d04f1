import { checkTester } from '../../test/check-tester.ts';
import { bruno, chloe, externalShare } from '../../test/operation-rows.ts';
import { instant } from '../core/instant.ts';
import { externalSharesApproved } from './external-shares-approved.ts';

const given = { authors: [bruno], approvers: [chloe] };

checkTester(externalSharesApproved, {
  conforms: {
    'approved and looked over': { item: externalShare(), given },
    'public by its class, whatever else': { item: externalShare({ classification: 'public', publicLink: 'yes', approverEmails: [], reviewedAt: null }) },
  },
  deviates: {
    restricted: { item: externalShare({ classification: 'restricted' }), given, because: 'is restricted, and shared outside' },
    'by a link for everybody': {
      item: externalShare({ publicLink: 'yes' }),
      given,
      because: 'is internal, and whoever has the link can read it',
    },
    'unlabelled is not harmless': {
      item: externalShare({ classification: 'unknown', publicLink: 'yes' }),
      given,
      because: 'is of no stated class, and whoever has the link can read it',
    },
    'never looked over': { item: externalShare({ reviewedAt: null }), given, because: 'was never looked over' },
    'looked over too long ago': {
      item: externalShare({ reviewedAt: instant('2025-11-01T00:00:00Z') }),
      given,
      because: 'was last looked over on 2025-11-01T00:00:00Z',
    },
    'on a day that has not come': {
      item: externalShare({ reviewedAt: instant('2026-06-10T00:00:00Z') }),
      given,
      because: 'says that it was looked over on 2026-06-10T00:00:00Z, which has not come',
    },
    'nobody approved it': {
      item: externalShare({ approved: 'no', approverEmails: [] }),
      given: { authors: [bruno] },
      because: 'nobody but who stated it approved it',
    },
    'approved by its author under another address': {
      item: externalShare({ approverEmails: ['bruno@acme.example'] }),
      given: { authors: [bruno], approvers: [{ ...bruno, emails: ['bruno@acme.example'] }] },
      because: 'was approved by who stated it, under another address',
      cites: { authors: [0], approvers: [0] },
    },
  },
  unknown: {
    'its class is not stated': { item: externalShare({ classification: 'unknown' }), given, because: 'its class is not stated' },
    'nor how it is shared': {
      item: externalShare({ publicLink: 'unknown' }),
      given,
      because: 'whether whoever has the link can read it is not stated',
    },
    'nobody tells who approved it': {
      item: externalShare({ approved: 'unknown', approverEmails: [] }),
      given: { authors: [bruno] },
      because: 'whether somebody else approved it is not told',
    },
    'an address that no worker has': {
      item: externalShare(),
      given: { authors: [bruno] },
      because: 'no worker has the address under which it was stated, or approved',
    },
  },
});
