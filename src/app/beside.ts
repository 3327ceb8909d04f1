import { existsSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { collectors } from '../collectors/index.ts';
import { withSettings } from '../configuration/edit.ts';
import { FILE_NAME, parseConfiguration } from '../configuration/read.ts';
import { initialFiles } from '../configuration/template.ts';
import { ConfigurationError } from '../core/error.ts';
import { initialize } from './initialize.ts';

/** A company as its owner begins it. */
export interface Beginning {
  readonly company: string;
  readonly timezone: string;
  readonly period: { readonly from: string; readonly to: string };
  readonly categories: readonly string[];
  readonly systems: readonly { readonly id: string; readonly name: string; readonly identityProvider: boolean }[];
}

/** Where one's own company lies unless said: a folder `company` beside that of the made-up one. */
export const besideOf = (demo: string): string => join(dirname(resolve(demo)), basename(resolve(demo)) === 'company' ? 'my-company' : 'company');

export const isWorkspace = (dir: string): boolean => existsSync(join(dir, FILE_NAME));

/** Writes the workspace of a company with its scope. Throws `ConfigurationError` where there is one, or where what is asked cannot be. */
export function beginCompany(dir: string, { company, timezone, period, categories, systems }: Beginning): void {
  if (isWorkspace(dir)) throw new ConfigurationError(`there is a company in ${dir} already.`);
  const text = initialFiles({ company, timezone, ...period })[FILE_NAME] ?? '';
  const scoped = withSettings(text, { categories, ...(systems.length > 0 ? { scope: { systems } } : {}) });
  parseConfiguration(scoped, collectors); // before anything is written
  initialize(dir, { company, timezone, period: `${period.from}..${period.to}` });
  writeFileSync(join(dir, FILE_NAME), scoped);
}
