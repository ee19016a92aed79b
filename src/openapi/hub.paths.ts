import type { OpenAPIObject } from '@nestjs/swagger';
import type { HubOptions } from '@nuts/streaming';
import { refusals, schema } from './components.js';

type Paths = OpenAPIObject['paths'];
type Operation = NonNullable<Paths[string]['get']>;
type Parameters = NonNullable<Operation['parameters']>;

const TOPIC = {
  description: 'A topic: A-Z a-z 0-9 . _ -, at most 256 bytes.',
  schema: { type: 'string', pattern: '^[A-Za-z0-9_-]+(\\.[A-Za-z0-9_-]+)*$', maxLength: 256 },
  example: 'orders.new',
} as const;

const IN_PATH = {
  ...TOPIC,
  name: 'topic',
  in: 'path',
  required: true,
  description: `${TOPIC.description} Slashes may stand for its dots.`,
} as const;

/** Several, of which one is required: that of each request. */
const IN_QUERY = {
  name: 'topic',
  in: 'query',
  required: true,
  description: 'Topics; repeat the parameter for several.',
  schema: { type: 'array', items: TOPIC.schema },
  explode: true,
  example: [TOPIC.example],
} as const;

const POSITION: Parameters = [
  {
    name: 'last-id',
    in: 'query',
    required: false,
    description: 'The id after which the stream goes on.',
    schema: { type: 'string', pattern: '^\\d{1,20}(-\\d{1,20})?$' },
  },
  {
    name: 'Last-Event-ID',
    in: 'header',
    required: false,
    description: 'The same, as `EventSource` sends it; it wins over `last-id`.',
    schema: { type: 'string' },
  },
  {
    name: 'start',
    in: 'query',
    required: false,
    description: 'Where a stream without an id starts: `live`, `all`, a duration or a time.',
    schema: { type: 'string' },
  },
];

function stream(hub: HubOptions, id: string, parameters: Parameters): Operation {
  return {
    operationId: id,
    tags: [hub.path],
    summary: 'Messages as Server-Sent Events.',
    description:
      'With `Accept: text/event-stream`, 429 and a 503 that is worth another attempt are a stream of one `retry:`.',
    parameters: [...parameters, ...POSITION],
    responses: {
      200: {
        description: 'Events `connected`, `message`, `gap`, `live`, `reset`.',
        content: { 'text/event-stream': { schema: { type: 'string' } } },
      },
      ...refusals(400, ...(hub.access ? ([401, 403] as const) : []), 429, 503),
    },
  };
}

function publish(hub: HubOptions, id: string, parameter: Parameters[number]): Operation {
  const header = (name: string, description: string): Parameters[number] => ({
    name,
    in: 'header',
    required: false,
    description,
    schema: { type: 'string' },
  });
  const answer = (description: string): Operation['responses'][string] => ({
    description,
    content: { 'application/json': { schema: schema('Published') } },
  });
  return {
    operationId: id,
    tags: [hub.path],
    summary: 'Stores the body as one message.',
    parameters: [
      parameter,
      header('Idempotency-Key', 'A repeat with the same key is stored once.'),
      header(
        'If-Match',
        'Stored only if this is the id of the topic\'s newest message: `"12345"`.',
      ),
      header('If-None-Match', '`*`: stored only if the topic has no message.'),
      ...(hub.publish?.headers ?? []).map((name) =>
        header(`Nuts-Header-${name}`, `Stored as the NATS header \`${name}\`.`),
      ),
    ],
    requestBody: {
      required: false,
      content: { 'application/json': { schema: {}, example: { n: 1 } }, '*/*': { schema: {} } },
    },
    responses: {
      200: answer('Stored before, with the same key.'),
      201: answer('Stored.'),
      ...refusals(400, ...(hub.access ? ([401] as const) : []), 403, 404, 409, 412, 413),
      ...refusals(429, 503, 504, 507),
    },
  };
}

function presence(hub: HubOptions, id: string): Operation {
  return {
    operationId: id,
    tags: [hub.path],
    summary: 'Who listens.',
    parameters: [IN_QUERY],
    responses: {
      200: {
        description: 'By topic.',
        content: { 'application/json': { schema: schema('Presence') } },
      },
      ...refusals(400, ...(hub.access ? ([401, 403] as const) : []), 429, 503),
    },
  };
}

/** The routes of one hub. */
export function hubPaths(hub: HubOptions): Paths {
  const base = hub.path === '/' ? '' : hub.path;
  const id = (verb: string): string => [verb, ...hub.path.split('/')].filter(Boolean).join('_');
  const one = { ...IN_QUERY, schema: TOPIC.schema, example: TOPIC.example, explode: undefined };
  const { explode: _explode, ...oneTopic } = { ...one, description: 'The topic.' };
  const security = hub.access && [{ token: [] }];
  const secured = (operation: Operation): Operation =>
    security === undefined ? operation : { ...operation, security };
  return {
    [base === '' ? '/' : base]: {
      get: secured(stream(hub, id('stream'), [IN_QUERY])),
      ...(hub.publish && { post: secured(publish(hub, id('publish'), oneTopic)) }),
    },
    [`${base}/{topic}`]: {
      get: secured(stream(hub, id('stream_topic'), [IN_PATH])),
      ...(hub.publish && { post: secured(publish(hub, id('publish_topic'), IN_PATH)) }),
    },
    ...(hub.presence && { [`${base}/presence`]: { get: secured(presence(hub, id('presence'))) } }),
  };
}
