import { CAUSES } from '../../acts/causes.ts';
import { type Answer, send } from '../../api/ask.ts';
import type { useCareful } from '../Careful.tsx';

export type Cause = keyof typeof CAUSES;
export const ALL_CAUSES = Object.keys(CAUSES) as readonly Cause[];

/** A step of a route, as the configuration writes it. */
export interface Step {
  /** `0m`, `30m`, `4h`; at once unless said. */
  readonly after?: string;
  readonly to: readonly string[];
}

/** A rule, as the configuration writes it: what is left out is as usual. */
export interface Rule {
  readonly on: Cause;
  readonly name?: string;
  readonly severity?: string;
  readonly route?: string;
  readonly quiet?: boolean;
  readonly controls?: readonly string[];
  readonly checks?: readonly string[];
  readonly count?: number;
  readonly share?: string;
  readonly after?: string;
  readonly within?: string;
}

export type Channel = Readonly<Record<string, string | number | readonly string[]>> & { readonly kind: string };

/** `alerts` of the configuration, without secrets. */
export interface Alerts {
  readonly channels?: Readonly<Record<string, Channel>>;
  readonly routes?: Readonly<Record<string, readonly Step[]>>;
  readonly rules?: readonly Rule[];
  readonly quiet?: { readonly from: string; readonly to: string; readonly weekends?: boolean };
  readonly resume?: string;
  readonly reopen?: string;
  readonly recheck?: { readonly real?: string; readonly other?: string };
}

type Form = Answer<'settings', 'notificationsForm'>;
type Saved = Answer<'settings', 'changeNotifications'>;

/** What is set, and how it is changed: as a whole, each time, so that what does not fit together is refused. */
export interface Editor {
  readonly alerts: Alerts;
  readonly channels: readonly string[];
  readonly routes: readonly string[];
  readonly timezone: string;
  readonly busy: boolean;
  /** Resolves to whether it is in force. */
  save(next: Partial<Alerts>, says: string, secrets?: Readonly<Record<string, Readonly<Record<string, string>>>>): Promise<boolean>;
}

export function editorOf(form: Form, careful: ReturnType<typeof useCareful>): Editor {
  const alerts = form.alerts as Alerts;
  return {
    alerts,
    channels: [...Object.keys(alerts.channels ?? {}), 'terminal'],
    routes: [...new Set(['default', ...Object.keys(alerts.routes ?? {})])],
    timezone: form.timezone,
    busy: careful.busy,
    async save(next, says, secrets = {}) {
      const body = { alerts: present({ ...alerts, ...next }), secrets, digest: form.digest };
      return (
        (await careful.act(
          () => send<Saved>('PUT', '/settings/notifications', body),
          () => says,
        )) !== null
      );
    },
  };
}

const present = (alerts: Alerts) => Object.fromEntries(Object.entries(alerts).filter(([, value]) => value !== undefined));

/** The rules that are in force: one of each cause, where none are written. */
export const rulesOf = ({ rules }: Alerts): readonly Rule[] => rules ?? ALL_CAUSES.map((on) => ({ on }));

export const nameOf = ({ name, on }: Rule): string => name ?? on;

/** Words, with commas or spaces between. */
export const listed = (text: string): readonly string[] => text.split(/[\s,]+/).filter((word) => word !== '');
