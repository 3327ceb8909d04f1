import { checkTester } from '../../test/check-tester.ts';
import { completion, course, ines } from '../../test/operation-rows.ts';
import { instant } from '../core/instant.ts';
import { trainingRecordsProven } from './training-records-proven.ts';

const known = { byEmail: [ines], programme: [course()] };

checkTester(trainingRecordsProven, {
  conforms: {
    'the training system recorded it': { item: completion(), given: known },
    'by hand, with a list of attendance': { item: completion({ recordedBy: 'manual', evidence: 'attendance-2026-01.pdf' }), given: known },
    'nobody tells who recorded it, and the document is there': { item: completion({ recordedBy: 'unknown', evidence: 'certificate-17.pdf' }), given: known },
    'by the number of HR': { item: completion({ hrId: 'W-1', learnerEmails: [] }), given: { byId: [ines], programme: [course()] } },
  },
  deviates: {
    'typed by hand, without a document': {
      item: completion({ recordedBy: 'manual' }),
      given: known,
      because: 'was recorded by hand as completed on 2026-01-05T09:00:00Z, without a document',
    },
    'older than its own assignment': {
      item: completion({ assignedAt: instant('2026-01-06T09:00:00Z') }),
      given: known,
      because: 'is recorded as completed on 2026-01-05T09:00:00Z, before it was assigned on 2026-01-06T09:00:00Z',
    },
    'HR does not know the learner': { item: completion(), given: { programme: [course()] }, because: 'was completed by Ines Duarte, whom HR does not know' },
  },
  unknown: {
    'nobody tells who recorded it': {
      item: completion({ recordedBy: 'unknown' }),
      given: known,
      because: 'whether the training system recorded it, or a person, is not told',
    },
    'no time': { item: completion({ completedAt: null }), given: known, because: 'when it was completed is not told' },
    'a course of another system': {
      item: completion(),
      given: { byEmail: [ines], programme: [course({ systemId: 'classroom' })] },
      because: 'of the course Security basics nothing is known',
    },
  },
  notYet: { 'HR may still tell of the learner': { item: completion(), given: { programme: [course()] }, at: instant('2026-01-13T08:59:59Z') } },
  ignores: { 'what is not passed yet': completion({ passed: 'no' }), 'a result that is not told': completion({ passed: 'unknown' }) },
});
