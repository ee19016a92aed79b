import { readFileSync } from 'node:fs';
import type { OpenAPIObject } from '@nestjs/swagger';
import { Ajv } from 'ajv';
import { signToken } from '../../libs/auth/src/tokens.fixture.js';
import { openApiDocument } from '../../src/openapi/document.js';
import { sampleOptions } from '../../src/openapi/sample.options.js';
import type { NutsServer } from '../../src/server/nuts-server.js';
import { RawSse } from '../support/raw-sse.js';
import { startApp, startStream } from './contract-app.js';

type Operation = NonNullable<OpenAPIObject['paths'][string]['get']>;
interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
  readonly example?: string | readonly string[];
}
interface Content {
  readonly schema: object;
  readonly example?: unknown;
}
interface Documented {
  readonly path: string;
  readonly method: string;
  readonly operation: Operation;
}

const METHODS = ['get', 'post', 'put', 'patch', 'delete'] as const;
const document = openApiDocument(sampleOptions(['nats://localhost:4222']));
const operations: Documented[] = Object.entries(document.paths).flatMap(([path, item]) =>
  METHODS.flatMap((method) => {
    const operation = item[method];
    return operation === undefined ? [] : [{ path, method, operation }];
  }),
);

let app: NutsServer;
let authorization: string;
beforeAll(async () => {
  const stream = await startStream();
  stream.connection.subscribe('services.>', {
    callback: (_error, message) => {
      message.respond('{}');
      message.respond('');
    },
  });
  await stream.connection.flush();
  await stream.js.views.kv('flags');
  const sample = sampleOptions([stream.nats.url]);
  app = await startApp(stream, {}, (options) => ({ ...options, ...sample }));
  const everything = { subscribe: '>', publish: '>', request: '>', presence: '>' };
  const secret = sample.hubs[0]?.access?.secret ?? '';
  authorization = `Bearer ${signToken('HS256', secret, everything)}`;
});

/** The request that the document's examples describe. */
function example({ path, operation }: Documented): { target: string; body: string } {
  const parameters = (operation.parameters ?? []) as unknown as readonly Parameter[];
  const query = new URLSearchParams();
  let target = path;
  for (const { name, in: place, required, example: value } of parameters) {
    if (!required || value === undefined) continue;
    if (place === 'path') target = target.replace(`{${name}}`, String(value));
    if (place === 'query') for (const each of [value].flat()) query.append(name, each);
  }
  const { content = {} } = (operation.requestBody ?? {}) as { content?: Record<string, Content> };
  const body = content['application/json']?.example;
  return {
    target: query.size > 0 ? `${target}?${query.toString()}` : target,
    body: body === undefined ? '' : JSON.stringify(body),
  };
}

function contentOf(operation: Operation, status: number): Readonly<Record<string, Content>> {
  const responses = operation.responses as Readonly<Record<string, { content?: object }>>;
  return (responses[status]?.content ?? {}) as Readonly<Record<string, Content>>;
}

async function ask(
  documented: Documented,
  headers: Record<string, string>,
): Promise<{ status: number; type: string; body: string }> {
  const { target, body } = example(documented);
  const method = documented.method.toUpperCase();
  const answer = await RawSse.open(app.url + target, { method, headers, body });
  const type = (answer.headers['content-type'] ?? '').split(';')[0] ?? '';
  if (documented.method === 'get' && type === 'text/event-stream') {
    await answer.waitForEvents(1);
    answer.abort();
  } else await answer.ended();
  return { status: answer.status, type, body: answer.body };
}

describe('docs/openapi.json', () => {
  it('is up to date (npm run openapi)', () => {
    expect(JSON.parse(readFileSync('docs/openapi.json', 'utf8'))).toEqual(
      JSON.parse(JSON.stringify(document)),
    );
    const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
    expect(document.info.version).toBe(version);
  });

  it('has every path and operation once, with its own name', () => {
    const ids = operations.map(({ operation }) => operation.operationId);
    expect(new Set(ids).size).toBe(ids.length);
    expect(operations.map(({ path, method }) => `${method} ${path}`).sort()).toEqual([
      'delete /flags',
      'delete /flags/{topic}',
      'get /events',
      'get /events/healthz',
      'get /events/livez',
      'get /events/presence',
      'get /events/readyz',
      'get /events/{topic}',
      'get /flags',
      'get /flags/healthz',
      'get /flags/livez',
      'get /flags/readyz',
      'get /flags/{topic}',
      'get /healthz',
      'get /livez',
      'get /metrics',
      'get /readyz',
      'post /events',
      'post /events/{topic}',
      'post /flags',
      'post /flags/{topic}',
      'post /services/{subject}',
      'put /flags',
      'put /flags/{topic}',
    ]);
  });

  it.each(operations)("matches the service's answer to $method $path", async (documented) => {
    const { operation } = documented;
    const types = Object.keys({ ...contentOf(operation, 200), ...contentOf(operation, 201) });
    for (const accept of types) {
      const { status, type, body } = await ask(documented, { accept, authorization });
      expect([200, 201]).toContain(status);
      expect(type).toBe(accept);
      const content = contentOf(operation, status)[type];
      expect(content).toBeDefined();
      if (type !== 'application/json') continue;
      const ajv = new Ajv({ strict: false });
      const validate = ajv.compile({ ...content?.schema, components: document.components });
      expect([validate(JSON.parse(body)), validate.errors]).toEqual([true, null]);
    }
    if (operation.security === undefined) return;
    const refused = await ask(documented, { accept: 'application/json' });
    expect(refused.status).toBe(401);
    expect(Object.keys(operation.responses)).toContain('401');
    const validate = new Ajv({ strict: false }).compile({
      ...contentOf(operation, 401)['application/json']?.schema,
      components: document.components,
    });
    expect(validate(JSON.parse(refused.body))).toBe(true);
  });

  it('lists every method', async () => {
    for (const [path, item] of Object.entries(document.paths)) {
      for (const method of METHODS) {
        if (item[method] !== undefined) continue;
        // With `?topic=` the rest of the path is ignored: it is a `POST /events`.
        if (method === 'post' && path === '/events/presence') continue;
        const some = operations.find((each) => each.path === path);
        const { target } = some === undefined ? { target: path } : example(some);
        const answer = await fetch(app.url + target, {
          method: method.toUpperCase(),
          headers: { authorization },
        });
        expect([path, method, answer.status]).toEqual([path, method, 405]);
        await answer.body?.cancel();
      }
    }
  });
});
