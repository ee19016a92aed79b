import type { OpenAPIObject } from '@nestjs/swagger';
import type { HubOptions } from '@nuts/streaming';
import { refusals, schema } from './components.js';
import type { Operation, Parameters } from './topic.parameters.js';

function header(name: string, description: string): Parameters[number] {
  return { name, in: 'header', required: false, description, schema: { type: 'string' } };
}

function published(description: string): Operation['responses'][string] {
  return {
    description,
    content: { 'application/json': { schema: schema('Published') } },
  };
}

const IDEMPOTENCY_KEY = header(
  'Idempotency-Key',
  'Repeated requests with the same key are stored once.',
);
const IF_MATCH = header(
  'If-Match',
  'Stored only if this is the ID of the topic\'s newest message: `"12345"`.',
);

function publish(hub: HubOptions, id: string, parameter: Parameters[number]): Operation {
  return {
    operationId: id,
    tags: [hub.path],
    summary: 'Publishes the body as one message.',
    parameters: [
      parameter,
      IDEMPOTENCY_KEY,
      IF_MATCH,
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
      200: published('Already stored with the same key.'),
      201: published('Stored.'),
      ...refusals(400, ...(hub.access ? ([401] as const) : []), 403, 404, 409, 412, 413),
      ...refusals(429, 503, 504, 507),
    },
  };
}

function remove(hub: HubOptions, id: string, parameter: Parameters[number]): Operation {
  return {
    operationId: id,
    tags: [hub.path],
    summary: 'Deletes a key: stores a delete marker.',
    parameters: [parameter, IDEMPOTENCY_KEY, IF_MATCH],
    responses: {
      200: published('The marker is stored; `id` is its revision.'),
      ...refusals(400, ...(hub.access ? ([401] as const) : []), 403, 404, 409, 412),
      ...refusals(429, 503, 504, 507),
    },
  };
}

/** Adds the security requirements of an operation. */
export type Secure = (operation: Operation) => Operation;

/** The operations that publish to a topic; keys of a bucket have more of them. */
export function writing(
  hub: HubOptions,
  id: (verb: string) => string,
  parameter: Parameters[number],
  secured: Secure,
): OpenAPIObject['paths'][string] {
  if (hub.publish === undefined) return {};
  const post = secured(publish(hub, id('publish'), parameter));
  if (hub.kvBucket === undefined) return { post };
  return {
    post,
    put: secured(publish(hub, id('put'), parameter)),
    delete: secured(remove(hub, id('delete'), parameter)),
  };
}
