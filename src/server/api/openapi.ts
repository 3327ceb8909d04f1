import type { AnyContractRouter, OpenAPI } from '@orpc/contract';
import { OpenAPIGenerator } from '@orpc/openapi';
import { ZodToJsonSchemaConverter } from '@orpc/zod/zod4';
import { VERSION } from '../../app/version.ts';
import { PROBLEMS } from './problem.ts';

type Operation = NonNullable<NonNullable<OpenAPI.Document['paths']>[string]>['get'];

const ABOUT =
  'Everything that Tickmark says of a company’s controls, and the records that show it. Instants are ISO 8601 in UTC; a period is FROM..TO, half-open. ' +
  'Lists go on by the cursor that `next` gives. Answers about evidence carry an ETag: ask again with If-None-Match; and say by which log, code and catalogue they were made. A refusal is RFC 9457.';

/** The contract in OpenAPI 3.1. */
export async function openApi(contract: AnyContractRouter): Promise<OpenAPI.Document> {
  const generator = new OpenAPIGenerator({ schemaConverters: [new ZodToJsonSchemaConverter()] });
  const made = await generator.generate(contract, {
    info: { title: 'Tickmark', version: VERSION, description: ABOUT, license: { name: 'Apache-2.0', identifier: 'Apache-2.0' } },
    servers: [{ url: '/api' }],
    security: [{ token: [] }, { session: [] }],
    components: {
      securitySchemes: {
        token: { type: 'http', scheme: 'bearer', description: 'A token of a user or of a machine' },
        session: {
          type: 'apiKey',
          in: 'cookie',
          name: 'tickmark',
          description: 'The session of a browser; what changes something must come from a page of the server',
        },
      },
      schemas: { Problem },
      responses: {
        Problem: { description: 'Why it is refused', content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } } },
      },
    },
  });
  tidied(made.paths);
  for (const path of Object.values(made.paths ?? {}))
    for (const operation of [path?.get, path?.post, path?.put, path?.patch, path?.delete]) if (operation) completed(operation);
  return made;
}

const Problem: OpenAPI.SchemaObject = {
  type: 'object',
  required: ['type', 'title', 'status', 'detail', 'todo', 'instance'],
  properties: {
    type: { type: 'string', enum: Object.keys(PROBLEMS).map((name) => `/api/problems/${name}`) },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string', description: 'What, and where' },
    todo: { type: 'string', description: 'What to do about it' },
    instance: { type: 'string', description: 'Names this refusal, in the output of the server too' },
    fields: { type: 'array', items: { type: 'object', required: ['name', 'says'], properties: { name: { type: 'string' }, says: { type: 'string' } } } },
  },
};

/** Takes away what the schemas say of TypeScript alone, and the bounds of every number there is. */
function tidied(value: unknown): void {
  if (typeof value !== 'object' || value === null) return;
  const its = value as Record<string, unknown>;
  if (its.readOnly === true) delete its.readOnly;
  if (its.minimum === Number.MIN_SAFE_INTEGER) delete its.minimum;
  if (its.maximum === Number.MAX_SAFE_INTEGER) delete its.maximum;
  for (const inner of Object.values(its)) tidied(inner);
}

const KEPT = {
  ETag: { description: 'Names the answer: ask again with If-None-Match', schema: { type: 'string' } },
  'Tickmark-Rests-On': {
    description: 'By what the answer was made, a dictionary of RFC 9651: name, size and root of the log, and the versions of code and catalogue',
    schema: { type: 'string' },
  },
} satisfies OpenAPI.ResponseObject['headers'];

/** What holds of every operation is said of each. */
function completed(operation: NonNullable<Operation>): void {
  for (const parameter of operation.parameters ?? [])
    if ('in' in parameter) {
      delete parameter.allowEmptyValue;
      delete parameter.allowReserved;
      const { schema } = parameter;
      if (schema && 'description' in schema && schema.description !== undefined) {
        parameter.description = schema.description;
        delete schema.description;
      }
    }
  const responses = operation.responses ?? {};
  const kept = Object.keys(responses).includes('200') && 'x-answer' in operation && operation['x-answer'] === 'kept';
  const { 200: good } = responses;
  operation.responses = {
    ...responses,
    ...(kept && good && !('$ref' in good) ? { 200: { ...good, headers: { ...good.headers, ...KEPT } } } : {}),
    ...(kept ? { 304: { description: 'What you hold is what there is' } } : {}),
    default: { $ref: '#/components/responses/Problem' },
  };
}
