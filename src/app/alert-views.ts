import type { Alert, Deed } from '../alerts/alert.ts';
import type { KeptAct, KeptNotice } from '../alerts/kept.ts';
import type { Policy } from '../alerts/policy.ts';
import type { JobTrouble } from '../alerts/signals.ts';
import type { Instant } from '../core/instant.ts';
import type { Period } from '../core/interval.ts';
import type { Vouched } from '../core/vouched.ts';
import type { Message, Sent } from '../notify/channel.ts';
import type { ResponseTimes } from './alert-words.ts';

/** One alert with all that was done to it and all that was told of it. */
export interface AlertView {
  readonly alert: Alert;
  readonly acts: readonly KeptAct[];
  readonly notices: readonly KeptNotice[];
  /** Whom it will be passed on to while nobody takes it, and when. */
  readonly steps: readonly { readonly at: Instant; readonly to: readonly string[] }[];
}

/** What people and jobs do with alerts. */
export interface Alerts {
  /** When alerts are raised, whom they reach, and by which ways. */
  rules(): { readonly policy: Policy; readonly channels: readonly { readonly name: string; readonly kind: string; readonly people: readonly string[] }[] };
  /** The newest change first. */
  list(open: boolean): Promise<readonly Alert[]>;
  /** Throws `ConfigurationError` where there is no such alert. */
  show(id: string): Promise<AlertView>;
  /** Seals the act before it says that it is done. Throws `ConfigurationError` that says why it cannot be. */
  /** Where `vouched` is not given nothing shows who that is, and the record says so. */
  act(id: string, deed: Deed, by: string, vouched?: Vouched | null): Promise<Alert>;
  /** Looks at what is so, and at what jobs complain of. False where another server is looking. */
  look(jobs: readonly JobTrouble[]): Promise<boolean>;
  /** Does what time demands: escalates, notifies, seals. Gives the next instant at which there is something to do. */
  tick(): Promise<Instant>;
  /** Of alerts raised in a period, the observation period unless said: how long people took, by system and severity. */
  times(period: Period | null): Promise<readonly ResponseTimes[]>;
  /** Brings something that is no alert by a channel, once; whoever calls tries again. Throws `ConfigurationError` where there is no such channel. */
  send(channel: string, what: Omit<Message, 'company' | 'severity' | 'url' | 'at' | 'trial'> & { readonly path: string }): Promise<Sent>;
  /** Throws `ConfigurationError` where there is no such channel. */
  test(channel: string): Promise<Sent>;
  /** Calls back with every line that the channel "terminal" takes, until the function that is returned is called. */
  onLine(listener: (line: string) => void): () => void;
  /** Calls back with every act once it is sealed. */
  onAct(listener: (act: KeptAct, alert: Alert) => void): () => void;
}
