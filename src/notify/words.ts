import type { Message } from './channel.ts';

/** One line: `[high] Acme: AC-02 fails: … (A-k3f…)`; of a report `[report] Acme: …`. */
export function headline({ says, severity, company, title, alert, trial }: Message): string {
  const what = says === 'raised' ? severity : says;
  if (says === 'reported') return `${trial ? '[trial] ' : ''}[report] ${company}: ${title}`;
  return `${trial ? '[trial] ' : ''}[${what}] ${company}: ${title} (${alert})`;
}
