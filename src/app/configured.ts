import type { Instant } from '../core/instant.ts';
import { type Draft, LONGEST } from '../evidence/record.ts';

/** The record of a configuration: `tickmark.yaml` and what the company lays over the catalogue, by their names in the workspace. */
export function configured(at: Instant, files: readonly (readonly [name: string, bytes: Uint8Array])[], demo: boolean): Draft {
  return {
    body: { kind: 'configuration', at },
    demo,
    retention: LONGEST,
    subjects: files.map(([name, bytes]) => ({
      name,
      mediaType: name.endsWith('.md') ? 'text/markdown' : 'application/yaml',
      request: { method: 'READ', url: name, body: null },
      status: 200,
      headers: {},
      startedAt: at,
      finishedAt: at,
      bytes,
    })),
  };
}
