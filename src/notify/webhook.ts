import { createHmac } from 'node:crypto';
import type { Instant } from '../core/instant.ts';
import { iso } from '../core/instant.ts';
import type { Channel, Message, Secret } from './channel.ts';
import type { Send } from './post.ts';
import { taken } from './taken.ts';

/** Any address that takes JSON. What is sent is signed, with the time, so that it can be told from what others send and from what is sent again (docs/alerts.md). */
export const webhook = (url: Secret, secret: Secret, clock: () => Instant, send: Send): Channel => ({
  kind: 'webhook',
  escalates: false,
  async send(message) {
    const body = JSON.stringify(bodyOf(message));
    const timestamp = String(Math.floor(clock() / 1000));
    const headers = {
      'content-type': 'application/json',
      'tickmark-delivery': message.delivery,
      'tickmark-timestamp': timestamp,
      'tickmark-signature': `v1=${signature(await secret(), timestamp, message.delivery, body)}`,
    };
    return taken(await send(await url(), headers, body));
  },
});

/** HMAC-SHA256 over timestamp, id of the delivery and body, each followed by a full stop but the last; hex. */
const signature = (secret: string, timestamp: string, delivery: string, body: string): string =>
  createHmac('sha256', secret).update(`${timestamp}.${delivery}.${body}`).digest('hex');

function bodyOf({ alert, delivery, says, company, severity, title, lines, url, at, trial, report }: Message): object {
  return { version: 1, delivery, alert, says, company, severity, title, lines, url, at: iso(at), trial, ...(report ? { report } : {}) };
}
