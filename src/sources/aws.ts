import type { Artifact, AwsAsk, AwsSource, Question, Request } from '../collectors/source.ts';
import { IncompleteError } from '../core/error.ts';
import { Asker, type World } from './asker.ts';
import { JSON_SERVICES, jsonRequest, type Keys } from './aws-json.ts';

export interface AwsOptions extends World {
  /** Operations it may call: `iam:ListUsers`. */
  readonly operations: readonly string[];
  /** Replaces AWS's own address. */
  readonly endpoint: string | null;
  /** Keys by name, or AWS's own chain. */
  readonly credentials: Readonly<Record<string, string>> | 'default';
  /** A role to assume first, in the account that is asked. */
  readonly role: string | null;
  readonly region?: string;
}

interface Client {
  send(command: unknown): Promise<Output>;
}
type Input = Readonly<Record<string, unknown>>;
type Output = Readonly<Record<string, unknown>>;
interface Answered {
  readonly artifact: Artifact;
  readonly output: Output;
}

/** Parts of the SDK's request that this transport reads. */
interface SdkRequest {
  readonly method: string;
  readonly protocol: string;
  readonly hostname: string;
  readonly port?: number;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** AWS through its own SDK for shapes and signatures, over our own wire, so that every answer is kept as it was given. */
export function awsSource({
  operations,
  endpoint,
  credentials,
  role,
  region = 'us-east-1',
  ...world
}: AwsOptions): AwsSource & { questions: () => readonly Question[] } {
  const secrets = credentials === 'default' ? [] : Object.values(credentials);
  const asker = new Asker(world, secrets);
  let keys: Promise<Keys | (() => Promise<Keys>)> | null = null;
  const clients = new Map<string, Client>();
  /** What is being asked. One question at a time: the collector waits for each answer. */
  let current: {
    readonly name: string;
    readonly page: number;
    readonly operation: string;
    readonly options: AwsAsk | undefined;
    artifact: Artifact | null;
  } | null = null;

  const requestHandler = {
    async handle(request: SdkRequest) {
      if (current === null) throw new IncompleteError('the AWS SDK asked something of its own');
      const { name, page, operation, options } = current;
      const shown: Request = { method: operation, url: address(request), body: form(request) };
      const artifact = await asker.ask(
        name,
        page,
        { method: request.method, url: address(request), headers: request.headers, body: Buffer.from(form(request)) },
        shown,
        options,
      );
      current.artifact = artifact;
      return { response: { statusCode: artifact.status, headers: { ...artifact.headers }, body: new Uint8Array(artifact.body) } };
    },
    metadata: { handlerProtocol: 'http/1.1' },
    updateHttpClientConfig: () => undefined,
    httpHandlerConfigs: () => ({}),
  };

  /** Of the role to assume: asked over the same wire, and its answer, which is a credential, is not kept. */
  const assuming = {
    ...requestHandler,
    async handle(request: SdkRequest) {
      const shown: Request = { method: 'sts:AssumeRole', url: address(request), body: form(request) };
      const sent = { method: request.method, url: address(request), headers: request.headers, body: Buffer.from(form(request)) };
      const { status, headers, body } = await asker.exchange('assumed role', sent, shown);
      return { response: { statusCode: status, headers: { ...headers }, body: new Uint8Array(body) } };
    },
  };

  return {
    questions: () => asker.questions(),
    wait: (milliseconds) => world.sleep(milliseconds),

    async ask(name, operation, input = {}, options) {
      const { artifact, output } = await call(name, 1, operation, input, options);
      if (output.IsTruncated === true || nextOf(output) !== null)
        throw asker.incomplete(name, artifact.request, 'has more pages than the one that was asked for');
      asker.ended(name);
      return artifact;
    },

    async *pages(name, operation, input = {}, options) {
      const seen = new Set<string>();
      for (let [page, marker] = [1, null as readonly [field: string, value: string] | null]; ; page++) {
        const { artifact, output } = await call(name, page, operation, marker === null ? input : { ...input, [marker[0]]: marker[1] }, options);
        yield artifact;
        const token = nextOf(output);
        if (output.IsTruncated !== true && token === null) break;
        const [field, following] = token ?? ['Marker', output.Marker];
        if (typeof following !== 'string' || following === '') throw asker.incomplete(name, artifact.request, 'says that there is more, but not where');
        if (seen.has(following)) throw asker.incomplete(name, artifact.request, 'named a page as the next one that it had given before');
        seen.add(following);
        marker = [field, following];
      }
      asker.ended(name);
    },
  };

  async function call(name: string, page: number, operation: string, input: Input, options?: AwsAsk): Promise<Answered> {
    if (!operations.includes(operation)) throw new IncompleteError(`${operation} is not among the operations that the collector declares`);
    keys ??= resolveKeys();
    const [service = '', action = ''] = operation.split(':');
    if (JSON_SERVICES[service] !== undefined) return callJson(name, page, operation, input, options);
    const sdk = (service === 'sts' ? await import('@aws-sdk/client-sts') : await import('@aws-sdk/client-iam')) as unknown as Readonly<
      Record<string, new (options: unknown) => Client>
    >;
    const [Service, Command] = [sdk[service === 'sts' ? 'STSClient' : 'IAMClient'], sdk[`${action}Command`]];
    if (!Service || !Command) throw new IncompleteError(`the AWS SDK knows no ${operation}`);
    current = { name, page, operation, options, artifact: null };
    const asking = current;
    let client = clients.get(service);
    if (!client) {
      client = new Service({ region, maxAttempts: 1, credentials: await keys, requestHandler, ...(endpoint === null ? {} : { endpoint }) });
      clients.set(service, client);
    }
    try {
      const output = await client.send(new Command(input));
      return { artifact: required(asking.artifact, name), output };
    } catch (error) {
      if (error instanceof IncompleteError) throw error;
      if (asking.artifact !== null && asking.artifact.status !== 200) return { artifact: asking.artifact, output: {} }; // an error answer that the collector declared to be a fact
      throw new IncompleteError(`"${name}" (${operation}) could not be asked or read: ${error instanceof Error ? error.message : String(error)}`, error);
    }
  }

  async function callJson(name: string, page: number, operation: string, input: Input, options?: AwsAsk): Promise<Answered> {
    const given = await keys;
    const its = typeof given === 'function' ? await given() : given;
    if (!its) throw new IncompleteError('there are no keys to ask AWS with');
    const { text, ...sent } = await jsonRequest({ operation, input, region: options?.region ?? region, endpoint, keys: its, at: world.clock() });
    const artifact = await asker.ask(name, page, sent, { method: operation, url: sent.url, body: text }, options);
    return { artifact, output: JSON.parse(Buffer.from(artifact.body).toString('utf8')) as Output };
  }

  async function resolveKeys(): Promise<Keys | (() => Promise<Keys>)> {
    const { fromNodeProviderChain, fromTemporaryCredentials } = await import('@aws-sdk/credential-providers');
    const own: Keys | (() => Promise<Keys>) =
      credentials === 'default'
        ? fromNodeProviderChain()
        : {
            accessKeyId: credentials.accessKeyId ?? '',
            secretAccessKey: credentials.secretAccessKey ?? '',
            ...(credentials.sessionToken === undefined ? {} : { sessionToken: credentials.sessionToken }),
          };
    if (role === null) return own;
    const assumed = fromTemporaryCredentials({
      masterCredentials: own,
      params: { RoleArn: role, RoleSessionName: 'tickmark' },
      clientConfig: { region, maxAttempts: 1, requestHandler: assuming as never, ...(endpoint === null ? {} : { endpoint }) },
    });
    return async () => {
      const given = await assumed();
      asker.conceal([given.secretAccessKey, given.sessionToken ?? '']);
      return given as Keys;
    };
  }
}

/** The token of the page that follows, and the field that it is sent in, of services that answer in JSON. */
function nextOf(output: Output): readonly [field: string, value: string] | null {
  const field = ['NextToken', 'nextToken'].find((its) => output[its] !== undefined && output[its] !== null && output[its] !== '');
  return field === undefined ? null : [field, String(output[field])];
}

const address = ({ protocol, hostname, port, path }: SdkRequest): string => `${protocol}//${hostname}${port === undefined ? '' : `:${port}`}${path}`;
const form = ({ body }: SdkRequest): string => (typeof body === 'string' ? body : body instanceof Uint8Array ? Buffer.from(body).toString('utf8') : '');

function required(artifact: Artifact | null, name: string): Artifact {
  if (artifact === null) throw new IncompleteError(`"${name}" was answered without being asked`);
  return artifact;
}
