import { Document, isMap, isScalar, isSeq, type Node, Pair, parseDocument, Scalar, YAMLMap, type YAMLSeq } from 'yaml';
import { ConfigurationError } from '../core/error.ts';

/** A source as it is written: the keys in this order. */
export interface Written {
  readonly collector: string;
  readonly name: string;
  /** With `endpoint`, where one stands in for the vendor. */
  readonly config: Readonly<Record<string, unknown>>;
  readonly credentials: 'default' | Readonly<Record<string, string>>;
  /** `null`: as often as is usual. */
  readonly every: string | null;
}

type Named = Pick<Written, 'collector' | 'name'>;

/** Adds a source at the end. Comments and everything else stay as they are, here and in the other edits. */
export function withSource(text: string, source: Written): string {
  return edited(text, 'sources', (document) => {
    const sources = sourcesOf(document);
    sources.flow = false;
    sources.add(document.createNode(entryOf(source)));
  });
}

/** Writes a source anew that is there: what is the same is not touched. Throws `ConfigurationError` where there is none. */
export function withSourceChanged(text: string, source: Written): string {
  return edited(text, 'sources', (document) => merge(document, found(document, source), entryOf(source)));
}

/** From the day on nothing is expected of the source any more. */
export function withSourceRetired(text: string, source: Named, retired: { readonly at: string; readonly because: string }): string {
  return edited(text, 'sources', (document) => found(document, source).set('retired', document.createNode(retired, { flow: true })));
}

/** Sets what stands at the top of the file: `categories`, `period`, `scope`. */
export function withSettings(text: string, settings: Readonly<Record<string, unknown>>): string {
  return Object.entries(settings).reduce(
    (before, [key, value]) => (isSaid(before, key, value) ? before : edited(before, key, (document) => document.set(key, document.createNode(value)))),
    text,
  );
}

/** Writes `alerts` anew: what is the same is not touched. */
export function withAlerts(text: string, alerts: Readonly<Record<string, unknown>>): string {
  return edited(text, 'alerts', (document) => {
    const there = document.get('alerts');
    if (isMap(there)) merge(document, there, alerts, null);
    else document.set('alerts', document.createNode(alerts));
  });
}

const isSaid = (text: string, key: string, value: unknown): boolean => JSON.stringify(parseDocument(text).toJS()?.[key]) === JSON.stringify(value);

/** Only what stands under this key is written anew; every other line stays as it is, byte for byte. */
function edited(text: string, key: string, edit: (document: Document) => void): string {
  const document = parseDocument(text);
  if (document.errors[0]) throw new ConfigurationError(`tickmark.yaml is not YAML any more: ${document.errors[0].message.split('\n')[0]}`);
  const there = pairOf(document, key);
  const [from, to] = [there?.key.range?.[0], there?.value?.range?.[2] ?? there?.key.range?.[2]];
  edit(document);
  const pair = pairOf(document, key);
  if (!pair) return text;
  const alone = new Document(null);
  alone.contents = new YAMLMap() as never;
  (alone.contents as unknown as YAMLMap).items.push(new Pair(new Scalar(key), pair.value));
  const written = alone.toString({ lineWidth: 0 });
  if (from === undefined || to === undefined) return `${text}${text.endsWith('\n') || text === '' ? '' : '\n'}${written}`;
  return `${text.slice(0, from)}${written}${text.slice(to)}`;
}

interface Found {
  readonly key: Scalar;
  readonly value: Node | null;
}

const pairOf = ({ contents }: Document, key: string): Found | undefined =>
  isMap(contents) ? (contents.items.find((item) => (isScalar(item.key) ? item.key.value : item.key) === key) as Found | undefined) : undefined;

function sourcesOf(document: Document): YAMLSeq {
  const there = document.get('sources');
  if (isSeq(there)) return there;
  document.set('sources', document.createNode([]));
  return document.get('sources') as YAMLSeq;
}

function found(document: Document, { collector, name }: Named): YAMLMap {
  const its = sourcesOf(document).items.find((item) => isMap(item) && item.get('collector') === collector && item.get('name') === name);
  if (!isMap(its)) throw new ConfigurationError(`tickmark.yaml names no source ${collector}/${name} any more.`);
  return its;
}

function entryOf({ collector, name, config, credentials, every }: Written): Readonly<Record<string, unknown>> {
  const asked = typeof credentials === 'string' || Object.keys(credentials).length > 0;
  return {
    collector,
    name,
    ...(Object.keys(config).length > 0 ? { config } : {}),
    ...(asked ? { credentials } : {}),
    ...(every === null ? {} : { every }),
  };
}

/** What an edit of a source may take away; `retired` and `retention` are not its to change. */
const OWN = ['config', 'credentials', 'every'];

function merge(document: Document, into: YAMLMap, wanted: Readonly<Record<string, unknown>>, own: readonly string[] | null = OWN): void {
  for (const { key } of [...into.items]) {
    const name = String(isScalar(key) ? key.value : key);
    if (!(name in wanted) && (own === null || own.includes(name))) into.delete(name);
  }
  for (const [name, value] of Object.entries(wanted)) {
    const there = into.get(name);
    if (isMap(there) && isObject(value)) merge(document, there, value, null);
    else if (JSON.stringify(plain(there)) !== JSON.stringify(value)) into.set(name, document.createNode(value));
  }
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null && !Array.isArray(value);
const plain = (node: unknown): unknown => (isMap(node) || isSeq(node) ? node.toJSON() : node);
