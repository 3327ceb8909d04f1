import type { Duration, Instant } from '../core/instant.ts';
import type { Severity } from '../core/severity.ts';

/** What one notification says. Of what sources said it holds the name of an item at most; whoever wants more follows the link. */
export interface Message {
  /** Id of the alert, or name of the report: channels that escalate by themselves know it by this. */
  readonly alert: string;
  /** Id of this notification: the same however often it is tried. */
  readonly delivery: string;
  /** `reported`: it is no alert, a report was made. */
  readonly says: 'raised' | 'acknowledged' | 'resolved' | 'reported';
  readonly company: string;
  readonly severity: Severity;
  /** One line. */
  readonly title: string;
  /** What else there is to say, a line each. */
  readonly lines: readonly string[];
  /** Where Tickmark says more; `null` where it has no address that others reach. */
  readonly url: string | null;
  readonly at: Instant;
  /** From the made-up company, or only to try the channel. */
  readonly trial: boolean;
  /** Of a report: which, and where it is kept. */
  readonly report?: { readonly id: string; readonly month: string; readonly record: number; readonly artifact: string; readonly sha256: string };
}

/** Whether it was taken. Why not is fit to be kept and shown: no secret and nothing that the other side said at length. */
export type Sent = { readonly ok: true } | { readonly ok: false; readonly because: string; readonly retry: boolean; readonly retryAfter: Duration | null };

export const SENT: Sent = { ok: true };
export const notSent = (because: string, retry: boolean, retryAfter: Duration | null = null): Sent => ({ ok: false, because, retry, retryAfter });

/** One way to people. */
export interface Channel {
  readonly kind: ChannelConfig['kind'];
  /** It escalates by itself, and has to be told when somebody took an alert. */
  readonly escalates: boolean;
  /** Never throws for want of an answer: what is not taken is told. */
  send(message: Message): Promise<Sent>;
}

/** A secret, or an address that is one, by reference: `env:NAME` or `file:PATH`. */
export type Reference = string;

export type ChannelConfig =
  | {
      readonly kind: 'email';
      readonly host: string;
      readonly port: number;
      /** TLS from the first byte, by STARTTLS which must succeed, or none, which a host on this machine alone may have. */
      readonly tls: 'implicit' | 'starttls' | 'none';
      readonly from: string;
      readonly to: readonly string[];
      readonly user?: string | undefined;
      readonly password?: Reference | undefined;
    }
  | { readonly kind: 'slack' | 'teams'; readonly url: Reference }
  | { readonly kind: 'pagerduty'; readonly key: Reference; readonly region: 'us' | 'eu' }
  | { readonly kind: 'webhook'; readonly url: string; readonly secret: Reference }
  | { readonly kind: 'terminal' };

/** What a channel needs and nobody may read: looked up each time, in the environment, in a file, or among what Tickmark keeps. */
export type Secret = () => string | Promise<string>;
