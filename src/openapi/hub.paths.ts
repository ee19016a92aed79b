import type { OpenAPIObject } from '@nestjs/swagger';
import type { HubOptions } from '@nuts/streaming';
import { refusals, schema } from './components.js';
import {
  inPath,
  inQuery,
  type Operation,
  type Parameters,
  severalInQuery,
  topicOf,
} from './topic.parameters.js';
import { type Secure, writing } from './writing.paths.js';

type Paths = OpenAPIObject['paths'];

const POSITION: Parameters = [
  {
    name: 'last-id',
    in: 'query',
    required: false,
    description: 'The stream continues after this event ID.',
    schema: { type: 'string', pattern: '^\\d{1,20}(-\\d{1,20})?$' },
  },
  {
    name: 'Last-Event-ID',
    in: 'header',
    required: false,
    description: 'The same as `last-id`, sent by `EventSource`. Takes precedence over `last-id`.',
    schema: { type: 'string' },
  },
  {
    name: 'start',
    in: 'query',
    required: false,
    description:
      'Where a stream without an event ID starts: `live`, `all`, `last`, `last:N`, a duration or a time.',
    schema: { type: 'string' },
  },
];

function stream(hub: HubOptions, id: string, parameters: Parameters): Operation {
  return {
    operationId: id,
    tags: [hub.path],
    summary: 'Messages as Server-Sent Events.',
    description:
      'With `Accept: text/event-stream`, 429 and a retryable 503 are answered with a stream that contains only a comment and `retry:`.',
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

function presence(hub: HubOptions, id: string): Operation {
  return {
    operationId: id,
    tags: [hub.path],
    summary: 'Presence: the connected clients.',
    parameters: [severalInQuery(topicOf(hub))],
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
  const security = hub.access && [{ token: [] }];
  const secured: Secure = (operation) =>
    security === undefined ? operation : { ...operation, security };
  const topic = topicOf(hub);
  const ofTopic = (verb: string): string => id(`${verb}_topic`);
  return {
    [base === '' ? '/' : base]: {
      get: secured(stream(hub, id('stream'), [severalInQuery(topic)])),
      ...writing(hub, id, inQuery(topic), secured),
    },
    [`${base}/{topic}`]: {
      get: secured(stream(hub, ofTopic('stream'), [inPath(topic)])),
      ...writing(hub, ofTopic, inPath(topic), secured),
    },
    ...(hub.presence && { [`${base}/presence`]: { get: secured(presence(hub, id('presence'))) } }),
  };
}
