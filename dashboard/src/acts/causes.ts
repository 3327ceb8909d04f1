import type { Answer } from '../api/ask.ts';

type Cause = Answer<'alerts', 'rules'>['rules'][number]['on'];

/** When a rule raises an alert, in words. */
export const CAUSES: Readonly<Record<Cause, string>> = {
  'control-fails': 'a control fails, waived deviations aside',
  deviations: 'items deviate from a check, and more of them than before',
  'evidence-gap': 'a source is silent or incomplete',
  deadline: 'a finding or a duty comes due, or something turns too old',
  'missed-occurrence': 'what recurs was not done in time',
  'log-integrity': 'the log is not what was sealed, or nobody outside confirms it',
  'job-trouble': 'work that Tickmark does by itself is late or fails',
  delivery: 'a channel takes no notification',
};
