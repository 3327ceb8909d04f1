import type { CollectorLine } from './collector-lines.ts';
import type { AlertsForm, FilledAlerts } from './alert-settings.ts';
import type { Filled, Wrong } from './source-entry.ts';
import type { Trial } from './trial.ts';

/** How `tickmark.yaml` stands, and whether it may be changed from the dashboard. */
export interface Editing {
  readonly digest: string;
  /** Why not; `null`: it may. */
  readonly refused: string | null;
}

/** A source as it stands in the file, to be changed: which credentials there are, and never what they are. */
export interface SourceForm {
  readonly config: Readonly<Record<string, unknown>>;
  readonly endpoint: string | null;
  readonly every: string | null;
  readonly chain: boolean;
  /** By name the reference: `kept`, `env:NAME`, `file:PATH`. */
  readonly credentials: Readonly<Record<string, string>>;
  readonly digest: string;
}

/** What came of an edit. */
export type Saved =
  | { readonly state: 'wrong'; readonly wrong: readonly Wrong[] }
  /** The file was changed meanwhile: look at it again. */
  | { readonly state: 'changed' }
  /** `restart`: what else has changed in the file, and is taken up by beginning anew. */
  | { readonly state: 'saved'; readonly digest: string; readonly restart: readonly string[] };

/** Scope of a company, as somebody fills it in. */
export interface Scope {
  readonly period?: { readonly from: string; readonly to: string };
  readonly categories?: readonly string[];
  readonly systems?: readonly { readonly id: string; readonly name: string; readonly identityProvider: boolean }[];
}

type By = string;

export interface Connecting {
  editing(): Editing;
  collectors(): readonly CollectorLine[];
  /** Asks as a run would, within bounds, and seals nothing but that it was tried. */
  trial(filled: Filled, by: By): Promise<Trial | { readonly wrong: readonly Wrong[] }>;
  /** Throws `ConfigurationError` where no such source is configured. */
  form(source: { readonly collector: string; readonly name: string }): SourceForm;
  /** Adds a source; `change` one that is there. */
  connect(filled: Filled, how: { readonly by: By; readonly digest: string; readonly change: boolean }): Promise<Saved>;
  retire(
    source: { readonly collector: string; readonly name: string },
    how: { readonly by: By; readonly digest: string; readonly because: string },
  ): Promise<Saved>;
  /** What is alarmed about, as it stands in the file, and whether it may be changed. */
  alerts(): AlertsForm & Editing;
  /** Writes it anew; it is in force at once. */
  setAlerts(filled: FilledAlerts, how: { readonly by: By; readonly digest: string }): Promise<Saved>;
  setScope(scope: Scope, how: { readonly by: By; readonly digest: string }): Promise<Saved>;
  /** Lays a file into the workspace, for a source to read; gives its path. One of that name is replaced. */
  upload(name: string, text: string, by: By): Promise<string>;
  /** Takes up `tickmark.yaml` where it has changed. Throws `ConfigurationError` where it cannot be read: what was in force stays. */
  reconfigure(): Promise<{ readonly taken: boolean; readonly restart: readonly string[] }>;
}
