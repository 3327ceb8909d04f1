import type { Instant } from '../core/instant.ts';
import { type Draft, LONGEST } from '../evidence/record.ts';

const MEDIA: Readonly<Record<string, string>> = { '.md': 'text/markdown', '.json': 'application/json' };

/** The record of a configuration: `tickmark.yaml`, what the company lays over the catalogue, by their names in the workspace, and what is in force. */
export function configured(at: Instant, files: readonly (readonly [name: string, bytes: Uint8Array])[], demo: boolean): Draft {
  return {
    body: { kind: 'configuration', at },
    demo,
    retention: LONGEST,
    subjects: files.map(([name, bytes]) => ({
      name,
      mediaType: MEDIA[name.slice(name.lastIndexOf('.'))] ?? 'application/yaml',
      request: { method: 'READ', url: name, body: null },
      status: 200,
      headers: {},
      startedAt: at,
      finishedAt: at,
      bytes,
    })),
  };
}
