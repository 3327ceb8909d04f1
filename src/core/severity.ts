/** Worst first: how much a deviation of a control matters, by the word of the control. */
export const SEVERITIES = ['critical', 'high', 'medium', 'low'] as const;
export type Severity = (typeof SEVERITIES)[number];

/** Worst wins; what no control speaks of is medium. */
export function worstSeverity(severities: Iterable<Severity>): Severity {
  const said = new Set(severities);
  return SEVERITIES.find((severity) => said.has(severity)) ?? 'medium';
}
