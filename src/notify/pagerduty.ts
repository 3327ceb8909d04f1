import { iso } from '../core/instant.ts';
import { type Channel, type Message, notSent, type Secret } from './channel.ts';
import type { Send } from './post.ts';
import { taken } from './taken.ts';
import { headline } from './words.ts';

const HOSTS = { us: 'https://events.pagerduty.com', eu: 'https://events.eu.pagerduty.com' } as const;
const ACTIONS = { raised: 'trigger', acknowledged: 'acknowledge', resolved: 'resolve' } as const;
const SEVERITIES = { critical: 'critical', high: 'error', medium: 'warning', low: 'info' } as const;

/** Events API v2 of PagerDuty. https://developer.pagerduty.com/docs/events-api-v2-overview */
export const pagerduty = (key: Secret, region: keyof typeof HOSTS, send: Send, base: string = HOSTS[region]): Channel => ({
  kind: 'pagerduty',
  escalates: true,
  async send(message) {
    const { says } = message;
    if (says === 'reported') return notSent('PagerDuty takes incidents, and a report is none', false);
    return taken(await send(`${base}/v2/enqueue`, { 'content-type': 'application/json' }, JSON.stringify(bodyOf(message, ACTIONS[says], await key()))));
  },
});

/** The same alert is the same incident there, however often and by whichever server it is told. */
function bodyOf(message: Message, action: string, key: string): object {
  const { alert, says, company, severity, title, lines, url, at, trial } = message;
  const event = { routing_key: key, event_action: action, dedup_key: alert };
  if (says !== 'raised') return event;
  return {
    ...event,
    client: 'Tickmark',
    ...(url === null ? {} : { client_url: url, links: [{ href: url, text: 'Open in Tickmark' }] }),
    payload: {
      summary: headline(message),
      source: company,
      severity: SEVERITIES[severity],
      timestamp: iso(at),
      class: 'control monitoring',
      custom_details: { alert, title, lines, trial },
    },
  };
}
