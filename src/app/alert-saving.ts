import { ALERT_SECRETS, checkedAlerts, type FilledAlerts } from './alert-settings.ts';
import type { Saved } from './connecting-views.ts';
import type { Credentials } from './credentials.ts';
import type { Guarded } from './guarded-wire.ts';
import type { Workspace } from './views.ts';

type Written = Readonly<Record<string, unknown>>;

export interface Saving {
  readonly credentials: Credentials;
  readonly guarded: Guarded;
  readonly by: string;
  readonly recordActs: Workspace['recordActs'];
  /** Writes `alerts` of the file. */
  readonly save: (alerts: Written) => Promise<Saved>;
}

/**
 * Writes what is alarmed about, and keeps the secrets that were typed. What was and what is stands in the record of the act.
 * Throws `ConfigurationError` where the file cannot be written: then what was kept is as it was.
 */
export async function saveAlerts(filled: FilledAlerts, was: Written, { credentials, guarded, by, recordActs, save }: Saving): Promise<Saved> {
  const its = await checkedAlerts(filled, was, guarded);
  if ('wrong' in its) return { state: 'wrong', wrong: its.wrong };
  const names = [...new Set([...Object.keys(filled.secrets), ...namesIn(was), ...namesIn(its.alerts)])];
  const before = new Map(await Promise.all(names.map(async (name) => [name, await credentials.of(place(name))] as const)));
  const putBack = async () => {
    for (const [name, values] of before) {
      await credentials.keep(place(name), values);
      await credentials.only(place(name), Object.keys(values));
    }
  };
  // The secrets first: a channel that refers to one that is not there reaches nobody.
  for (const [name, typed] of Object.entries(filled.secrets)) await credentials.keep(place(name), typedIn(typed));
  const saved = await save(its.alerts).catch(async (error: unknown) => {
    await putBack();
    throw error;
  });
  if (saved.state !== 'saved') {
    await putBack();
    return saved;
  }
  for (const name of names)
    await credentials.only(
      place(name),
      its.kept.flatMap((path) => (path.startsWith(`${name}/`) ? [path.slice(name.length + 1)] : [])),
    );
  const retyped = Object.entries(filled.secrets).flatMap(([name, typed]) => Object.keys(typedIn(typed)).map((field) => `${name}/${field}`));
  await recordActs([{ act: 'alerts-change', by, target: null, says: { before: JSON.stringify(was), after: JSON.stringify(its.alerts), retyped } }]);
  return saved;
}

const place = (name: string) => ({ collector: ALERT_SECRETS, name });

const typedIn = (typed: Readonly<Record<string, string>>) => Object.fromEntries(Object.entries(typed).filter(([, value]) => value !== ''));

const namesIn = ({ channels }: Written): readonly string[] => (typeof channels === 'object' && channels !== null ? Object.keys(channels) : []);
