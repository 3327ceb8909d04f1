// What a description of a REST API (OpenAPI 3) says of questions and answers: enough of it to hold made-up ones against.

interface Schema {
  readonly $ref?: string;
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly nullable?: boolean;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
}
interface Parameter {
  readonly $ref?: string;
  readonly name: string;
  readonly in: string;
  readonly schema: { readonly type?: string; readonly enum?: readonly string[] };
}
interface Example {
  readonly $ref?: string;
  readonly value?: unknown;
}
interface Content {
  readonly schema?: Schema;
  readonly examples?: Readonly<Record<string, Example>>;
}
interface Operation {
  readonly parameters?: readonly Parameter[];
  readonly responses: Readonly<Record<string, { readonly content?: Readonly<Record<string, Content>> }>>;
}
export interface Description {
  readonly paths: Readonly<Record<string, { readonly get?: Operation }>>;
}

/** The path that a question is asked of, as the description writes it. */
export const templateOf = ({ paths }: Description, { pathname }: URL): string | undefined =>
  Object.keys(paths).find((template) => new RegExp(`^${template.replace(/\{\w+\}/g, '[^/]+')}$`).test(pathname));

/** What is wrong with a question: a path, a parameter or a value that the description does not know. */
export function strangeQuestion(description: Description, url: URL): readonly string[] {
  const operation = description.paths[templateOf(description, url) ?? '']?.get;
  if (!operation) return [`${url.pathname} is not described`];
  const parameters = (operation.parameters ?? []).map((it) => resolved(description, it));
  return [...url.searchParams].flatMap(([name, value]) => {
    const known = parameters.find((it) => it.name === name && it.in === 'query');
    if (!known) return [`${name} of ${url.pathname} is not described`];
    const { type, enum: values } = known.schema;
    if (values && !values.includes(value)) return [`${name} of ${url.pathname} is none of ${values.join(', ')}`];
    return type === 'integer' && !/^\d+$/.test(value) ? [`${name} of ${url.pathname} is no number`] : [];
  });
}

/** What is wrong with an answer: fields that the description does not know, and values of another kind. What is left out is not. */
export function strangeAnswer(description: Description, url: URL, body: unknown): readonly string[] {
  const template = templateOf(description, url) ?? '';
  const schema = answerOf(description, url)?.schema;
  return schema ? strange(description, schema, body, template) : [`${template} is described without an answer`];
}

/** An answer with no more than the description promises, and the fields `relied` on: what else is not required is left out, what may be null is. */
export function promised(description: Description, url: URL, body: unknown, relied: readonly string[]): unknown {
  const schema = answerOf(description, url)?.schema;
  return schema ? bare(description, schema, body, relied) : body;
}

/** The first answer that the description itself gives as an example. Throws `RangeError` where it gives none. */
export function exampleOf(description: Description, url: URL): unknown {
  const [example] = Object.values(answerOf(description, url)?.examples ?? {});
  if (!example) throw new RangeError(`${url.pathname} is described without an example`);
  return resolved(description, example).value;
}

const answerOf = (description: Description, url: URL): Content | undefined =>
  description.paths[templateOf(description, url) ?? '']?.get?.responses['200']?.content?.['application/json'];

function bare(description: Description, given: Schema, value: unknown, relied: readonly string[]): unknown {
  const schema = resolved(description, given);
  const either = schema.anyOf ?? schema.oneOf;
  if (either) return bare(description, either.find((it) => strange(description, it, value, '').length === 0) ?? {}, value, relied);
  const { properties, required = [], items } = schema.allOf ? merged(description, schema.allOf) : schema;
  if (Array.isArray(value)) return value.map((it) => bare(description, items ?? {}, it, relied));
  if (typeof value !== 'object' || value === null || !properties) return value;
  const kept = Object.entries(value).flatMap(([key, it]): [string, unknown][] => {
    const its = properties[key] ?? {};
    if (relied.includes(key)) return [[key, bare(description, its, it, relied)]];
    return required.includes(key) ? [[key, isNullable(description, its) ? null : bare(description, its, it, relied)]] : [];
  });
  return Object.fromEntries(kept);
}

function isNullable(description: Description, given: Schema): boolean {
  const { nullable, anyOf, oneOf } = resolved(description, given);
  return nullable === true || (anyOf ?? oneOf ?? []).some((it) => isNullable(description, it));
}

function strange(description: Description, given: Schema, value: unknown, where: string): readonly string[] {
  const schema = resolved(description, given);
  const either = (schema.anyOf ?? schema.oneOf ?? []).map((it) => resolved(description, it));
  if (value === null) return schema.nullable || either.some(({ nullable }) => nullable) ? [] : [`${where} may not be null`];
  if (either.length > 0) {
    const tried = either.map((it) => strange(description, it, value, where));
    return tried.find((it) => it.length === 0) ?? tried[0] ?? [];
  }
  if (schema.allOf) return strange(description, merged(description, schema.allOf), value, where);
  if (schema.enum && !schema.enum.includes(value)) return [`${where} is ${String(value)}, and not one of ${schema.enum.join(', ')}`];
  if (Array.isArray(value)) return value.flatMap((it) => (schema.items ? strange(description, schema.items, it, `${where}[]`) : [`${where} is no list`]));
  if (typeof value === 'object') {
    const { properties } = schema;
    if (!properties) return schema.type === 'object' ? [] : [`${where} is no object`];
    return Object.entries(value).flatMap(([key, it]) =>
      properties[key] ? strange(description, properties[key], it, `${where}.${key}`) : [`${where}.${key} is not described`],
    );
  }
  const kinds = Number.isInteger(value) ? ['integer', 'number'] : [typeof value];
  return schema.type === undefined || kinds.includes(schema.type) ? [] : [`${where} is a ${kinds[0]}, not a ${schema.type}`];
}

const merged = (description: Description, parts: readonly Schema[]): Schema => ({
  type: 'object',
  properties: Object.assign({}, ...parts.map((it) => resolved(description, it).properties)),
  required: parts.flatMap((it) => resolved(description, it).required ?? []),
});

function resolved<Part extends { readonly $ref?: string }>(description: Description, part: Part): Part {
  if (part.$ref === undefined) return part;
  const steps = part.$ref.slice(2).split('/');
  return resolved(description, steps.reduce<unknown>((at, key) => (at as Readonly<Record<string, unknown>>)[key], description) as Part);
}
