import type { OpenAPIObject } from '@nestjs/swagger';

type Components = NonNullable<OpenAPIObject['components']>;
export type Schema = NonNullable<Components['schemas']>[string];
export type Responses = OpenAPIObject['paths'][string] extends { get?: infer O }
  ? NonNullable<O> extends { responses: infer R }
    ? R
    : never
  : never;

const text: Schema = { type: 'string' };
const count: Schema = { type: 'integer', minimum: 0 };

function object(properties: Record<string, Schema>, required = Object.keys(properties)): Schema {
  return { type: 'object', properties, required };
}

/** Responses of several routes. */
export const SCHEMAS = {
  Error: object({ statusCode: { type: 'integer' }, message: text, error: text }, [
    'statusCode',
    'message',
  ]),
  Published: object({ id: text, topic: text, duplicate: { type: 'boolean' } }),
  Presence: object({
    topics: {
      type: 'object',
      additionalProperties: object(
        {
          streams: count,
          clients: { type: 'array', items: object({ subject: text, streams: count }) },
          more: { type: 'boolean' },
        },
        ['streams', 'clients'],
      ),
    },
    processes: count,
    answered: count,
  }),
  Health: object({ status: text, nats: text, stream: text, cause: text }, ['status']),
} satisfies Record<string, Schema>;

/** A reference to one of {@link SCHEMAS}. */
export function schema(name: keyof typeof SCHEMAS): Schema {
  return { $ref: `#/components/schemas/${name}` };
}

const MESSAGES: Readonly<Record<number, string>> = {
  400: 'The request is invalid; see `message`.',
  401: 'The token is missing or invalid.',
  403: 'The token does not allow this, or a cross-site request used a cookie.',
  404: 'The stream does not store this topic.',
  409: 'The stream refused the message, or the idempotency key was used for another topic.',
  412: 'The condition is not met.',
  413: 'The body is too large.',
  429: 'Too many requests or connections; see `Retry-After`.',
  503: 'Temporarily unavailable; see `Retry-After`.',
  504: 'Timeout. The request may have been processed.',
  507: 'The stream is full.',
};

/** Error responses, all with the same body. */
export function refusals(...statuses: readonly (keyof typeof MESSAGES)[]): Responses {
  return Object.fromEntries(
    statuses.map((status) => [
      String(status),
      {
        description: MESSAGES[status] ?? '',
        content: { 'application/json': { schema: schema('Error') } },
      },
    ]),
  );
}
