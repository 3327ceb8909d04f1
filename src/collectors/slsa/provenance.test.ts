import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { at, collectOnce, recorded, root, tested } from '../../../test/recorded.ts';
import { iso } from '../../core/instant.ts';
import { slsaProvenance } from './provenance.ts';

const [A, B, C] = ['a', 'b', 'c'].map((digit) => digit.repeat(64)) as [string, string, string];
const COMMIT = 'd'.repeat(40);
const PIPELINE = 'https://github.com/acme/web/.github/workflows/release.yml@refs/heads/main';
const v1 = (sha256: string, builder = PIPELINE, metadata: object = { invocationId: 'https://github.com/acme/web/actions/runs/1/attempts/1' }) => ({
  _type: 'https://in-toto.io/Statement/v1',
  subject: [{ name: 'registry.acme.example/web', digest: { sha256 } }],
  predicateType: 'https://slsa.dev/provenance/v1',
  predicate: {
    buildDefinition: {
      buildType: 'https://actions.github.io/buildtypes/workflow/v1',
      externalParameters: { workflow: { ref: 'refs/heads/main', repository: 'https://github.com/acme/web', path: '.github/workflows/release.yml' } },
      resolvedDependencies: [{ uri: 'git+https://github.com/acme/web@refs/heads/main', digest: { gitCommit: COMMIT } }],
    },
    runDetails: { builder: { id: builder }, metadata },
  },
});
const v02 = (sha256: string) => ({
  _type: 'https://in-toto.io/Statement/v0.1',
  subject: [{ name: 'api.tar.gz', digest: { sha256: sha256.toUpperCase() } }],
  predicateType: 'https://slsa.dev/provenance/v0.2',
  predicate: {
    builder: { id: 'laptop of Bruno' },
    buildType: 'https://example.org/make',
    invocation: { configSource: { uri: 'git+https://github.com/acme/api.git', digest: { sha1: COMMIT }, entryPoint: 'Makefile' } },
    metadata: { buildFinishedOn: '2026-05-01T10:00:00Z' },
  },
});
const sealed = (statement: object) => ({ payloadType: 'application/vnd.in-toto+json', payload: btoa(JSON.stringify(statement)), signatures: [{ sig: 'x' }] });
const bundled = (statement: object) => ({
  mediaType: 'application/vnd.dev.sigstore.bundle.v0.3+json',
  verificationMaterial: { certificate: {}, tlogEntries: [{ integratedTime: '1780000000' }] },
  dsseEnvelope: sealed(statement),
});
const bom = { ...v1(A), predicateType: 'https://cyclonedx.org/bom', predicate: { components: [] } };
const lines = (...entries: readonly object[]) => `# generated ${iso(at)}\n${entries.map((entry) => JSON.stringify(entry)).join('\n')}\n`;

mkdirSync(join(root, 'builds'), { recursive: true });
const CONFIG = {
  path: 'builds/provenance.jsonl',
  builders: ['https://github.com/acme/web/.github/workflows/release.yml@'],
  verifiedBy: 'job "attestations" of acme/ops',
};
const laid = (text: string) => writeFileSync(join(root, CONFIG.path), text);
laid(lines(bundled(v1(A)), sealed(v02(B)), v1(C, 'https://github.com/mallory/web/.github/workflows/release.yml@refs/heads/main'), bom, bundled(v1(A))));

tested(slsaProvenance, CONFIG, 'default', (rows) => {
  expect(rows('change.built-artifacts')).toEqual([
    {
      ...{ digest: `sha256:${A}`, name: 'registry.acme.example/web', repo: 'acme/web', sha: COMMIT, builder: PIPELINE, byPipeline: 'yes' },
      builtAt: 1780000000000,
    },
    {
      ...{ digest: `sha256:${B}`, name: 'api.tar.gz', repo: 'acme/api', sha: COMMIT, builder: 'laptop of Bruno', byPipeline: 'no' },
      builtAt: Date.parse('2026-05-01T10:00:00Z'),
    },
    expect.objectContaining({ digest: `sha256:${C}`, byPipeline: 'no', builtAt: null }),
  ]);
});

describe('a file of statements', () => {
  const read = (text: string) => {
    writeFileSync(join(root, 'builds/other.jsonl'), text);
    return collectOnce(slsaProvenance, recorded(slsaProvenance, { ...CONFIG, path: 'builds/other.jsonl' }, 'default'));
  };

  it('may be a list', async () => expect((await read(`# generated ${iso(at)}\n${JSON.stringify([v1(A)])}`)).rows('change.built-artifacts')).toHaveLength(1));
  it('may hold nothing', async () => expect((await read(lines())).rows('change.built-artifacts')).toEqual([]));

  it.each([
    ['not saying when it was written', JSON.stringify(v1(A)), /does not say when it was generated/],
    ['with what is no statement', lines(v1(A), { hello: 1 }), /other\.jsonl, statement 2: _type/],
    ['with a version nobody knows', lines({ ...v1(A), predicateType: 'https://slsa.dev/provenance/v9' }), /version that is not known here/],
    ['with a digest of another kind', lines({ ...v1(A), subject: [{ name: 'x', digest: { sha1: COMMIT } }] }), /digest of x is not given as sha256/],
    ['without a builder', lines({ ...v1(A), predicate: { buildDefinition: {}, runDetails: { builder: {} } } }), /cannot be read: runDetails\.builder\.id/],
    ['with a time that is none', lines(v1(A, PIPELINE, { finishedOn: 'yesterday' })), /not an instant: yesterday/],
    ['cut short', lines(v1(A)).slice(0, -9), /JSON/],
  ])('%s is not read', async (_, text, says) => expect(read(text)).rejects.toThrow(says));
});
