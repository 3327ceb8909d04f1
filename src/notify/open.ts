import { ConfigurationError } from '../core/error.ts';
import type { Instant } from '../core/instant.ts';
import { type Channel, type ChannelConfig, notSent } from './channel.ts';
import { email } from './email.ts';
import { pagerduty } from './pagerduty.ts';
import type { Send } from './post.ts';
import { slack } from './slack.ts';
import { teams } from './teams.ts';
import { terminal } from './terminal.ts';
import { webhook } from './webhook.ts';

export interface Means {
  readonly send: Send;
  readonly clock: () => Instant;
  /** What the reference in a field of the channel stands for. Throws `ConfigurationError` that names what is missing, never what is there. */
  readonly secret: (reference: string, field: string) => string | Promise<string>;
  readonly print: (line: string) => void;
  /** Certificates that mail servers are trusted by besides the usual ones, PEM. */
  readonly ca?: string | undefined;
}

/** A channel as it is configured. Secrets are looked up each time: what is missing is said then, and another may have been put in its place. */
export function openChannel(config: ChannelConfig, { send, clock, secret, print, ca }: Means): Channel {
  switch (config.kind) {
    case 'email':
      return answering(email(config, { password: () => (config.password === undefined ? null : secret(config.password, 'password')), ca }));
    case 'slack':
      return answering(slack(() => secret(config.url, 'url'), send));
    case 'teams':
      return answering(teams(() => secret(config.url, 'url'), send));
    case 'pagerduty':
      return answering(pagerduty(() => secret(config.key, 'key'), config.region, send));
    case 'webhook':
      return answering(
        webhook(
          () => (/^https?:/.test(config.url) ? config.url : secret(config.url, 'url')),
          () => secret(config.secret, 'secret'),
          clock,
          send,
        ),
      );
    case 'terminal':
      return terminal(print);
  }
}

/** What is not configured as it must be is told like anything else that keeps a notification from being taken. */
const answering = (channel: Channel): Channel => ({
  ...channel,
  async send(message) {
    try {
      return await channel.send(message);
    } catch (error) {
      if (error instanceof ConfigurationError) return notSent(error.message, true);
      throw error;
    }
  },
});
