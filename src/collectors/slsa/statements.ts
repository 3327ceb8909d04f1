import { z } from 'zod';
import type { BuiltArtifact } from '../../datasets/change/built-artifacts.ts';

/** A DSSE envelope (secure-systems-lab/dsse), by itself or within a Sigstore bundle. */
const Envelope = z.object({ payloadType: z.literal('application/vnd.in-toto+json'), payload: z.string().min(1) });
const Bundle = z.object({
  dsseEnvelope: Envelope,
  verificationMaterial: z.object({ tlogEntries: z.array(z.object({ integratedTime: z.union([z.string(), z.int()]).nullish() })).nullish() }).nullish(),
});

const text = z.string().nullish();
const Digest = z.record(z.string(), z.string());
const Dependency = z.object({ uri: text, digest: Digest.nullish() });
/** in-toto Statement v0.1 and v1. */
const Statement = z.object({
  _type: z.string().regex(/^https:\/\/in-toto\.io\/Statement\/v/, 'is no statement of in-toto'),
  subject: z.array(z.object({ name: text, digest: Digest })).min(1),
  predicateType: z.string(),
  predicate: z.unknown(),
});
type Statement = z.infer<typeof Statement>;

/** SLSA provenance v1: slsa.dev/spec/v1.0/provenance. */
const V1 = z.object({
  buildDefinition: z.object({ resolvedDependencies: z.array(Dependency).nullish() }),
  runDetails: z.object({ builder: z.object({ id: z.string().min(1) }), metadata: z.object({ startedOn: text, finishedOn: text }).nullish() }),
});
/** SLSA provenance v0.2: slsa.dev/spec/v0.1/provenance and its successor. */
const V02 = z.object({
  builder: z.object({ id: z.string().min(1) }),
  invocation: z.object({ configSource: Dependency.nullish() }).nullish(),
  materials: z.array(Dependency).nullish(),
  metadata: z.object({ buildStartedOn: text, buildFinishedOn: text }).nullish(),
});

interface Told {
  readonly statement: Statement;
  /** When the log of Sigstore took it in. */
  readonly loggedAt: number | null;
}

/** Throws `RangeError` where it is none of the forms in which statements are written. */
export function statementOf(entry: unknown): Told {
  const bundle = Bundle.safeParse(entry);
  const envelope = bundle.success ? bundle.data.dsseEnvelope : Envelope.safeParse(entry).data;
  const written: unknown =
    envelope === undefined
      ? entry
      : JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(Uint8Array.from(atob(envelope.payload), (it) => it.charCodeAt(0))));
  const { success, data, error } = Statement.safeParse(written);
  if (!success) throw new RangeError(`${error.issues[0]?.path.join('.')} ${error.issues[0]?.message}`.trim());
  const [first] = bundle.data?.verificationMaterial?.tlogEntries ?? [];
  const seconds = Number(first?.integratedTime ?? 0);
  return { statement: data, loggedAt: seconds > 0 ? seconds * 1000 : null };
}

/** What a statement says was built: nothing where it says something else of its subject, such as what it contains. */
export function builtBy({ statement, loggedAt }: Told, builders: readonly string[]): readonly BuiltArtifact[] {
  const told = toldBy(statement);
  if (told === null) return [];
  const { builder, dependencies, finishedOn } = told;
  const source = dependencies.find(({ digest }) => digest?.gitCommit || digest?.sha1);
  return statement.subject.flatMap(({ name, digest }) => {
    const { sha256 } = digest;
    if (sha256 === undefined) throw new RangeError(`the digest of ${name || 'what was built'} is not given as sha256`);
    return [
      {
        digest: `sha256:${sha256.toLowerCase()}`,
        name: name || 'unnamed',
        repo: repoOf(source?.uri),
        sha: source?.digest?.gitCommit || source?.digest?.sha1 || null,
        builder,
        byPipeline: builders.some((beginning) => builder.startsWith(beginning)) ? 'yes' : 'no',
        builtAt: finishedOn ?? loggedAt,
      } as const,
    ];
  });
}

function toldBy({ predicateType, predicate }: Statement) {
  const read = <T>(schema: z.ZodType<T>): T => {
    const { success, data, error } = schema.safeParse(predicate);
    if (!success) throw new RangeError(`its provenance cannot be read: ${error.issues[0]?.path.join('.')} ${error.issues[0]?.message}`);
    return data;
  };
  if (predicateType === 'https://slsa.dev/provenance/v1') {
    const { buildDefinition, runDetails } = read(V1);
    const { startedOn, finishedOn } = runDetails.metadata ?? {};
    return { builder: runDetails.builder.id, dependencies: buildDefinition.resolvedDependencies ?? [], finishedOn: instantOf(finishedOn || startedOn) };
  }
  if (/^https:\/\/slsa\.dev\/provenance\/v0\.[12]$/.test(predicateType)) {
    const { builder, invocation, materials, metadata } = read(V02);
    const dependencies = [...(invocation?.configSource ? [invocation.configSource] : []), ...(materials ?? [])];
    return { builder: builder.id, dependencies, finishedOn: instantOf(metadata?.buildFinishedOn || metadata?.buildStartedOn) };
  }
  if (predicateType.startsWith('https://slsa.dev/provenance/')) throw new RangeError(`${predicateType} is a provenance of a version that is not known here`);
  return null;
}

function instantOf(written: string | null | undefined): number | null {
  if (!written) return null;
  const at = Date.parse(written);
  if (Number.isNaN(at)) throw new RangeError(`not an instant: ${written}`);
  return at;
}

/** `git+https://github.com/acme/web@refs/heads/main` is of `acme/web`. */
function repoOf(uri: string | null | undefined): string | null {
  const path = /^(?:git\+)?https?:\/\/[^/]+\/([^@?#]+)/.exec(uri ?? '')?.[1];
  return path?.replace(/(\.git)?\/*$/, '') || null;
}
