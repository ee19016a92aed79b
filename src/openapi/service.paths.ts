import type { OpenAPIObject } from '@nestjs/swagger';
import type { ServiceOptions } from '@nuts/requests';
import { refusals } from './components.js';

/** The route of one entry of `services`. */
export function servicePaths(service: ServiceOptions): OpenAPIObject['paths'] {
  const { path, access } = service;
  return {
    [`${path}/{subject}`]: {
      post: {
        operationId: ['ask', ...path.split('/')].filter(Boolean).join('_'),
        tags: [path],
        summary: 'Sends the body as a request to a NATS service.',
        description: 'A service may also answer with its own status from 400 to 599.',
        parameters: [
          {
            name: 'subject',
            in: 'path',
            required: true,
            description:
              'The subject without the prefix: A-Z a-z 0-9 . _ -. Slashes are read as dots.',
            schema: {
              type: 'string',
              pattern: '^[A-Za-z0-9_-]+(\\.[A-Za-z0-9_-]+)*$',
              maxLength: 256,
            },
            example: 'reports.monthly',
          },
        ],
        requestBody: {
          required: false,
          content: { 'application/json': { schema: {}, example: {} }, '*/*': { schema: {} } },
        },
        responses: {
          200: {
            description:
              'The first reply, with its own content type. With `Accept: text/event-stream`, all replies as events: `reply`, `end`, `failed`.',
            content: {
              'application/json': { schema: {} },
              'text/event-stream': { schema: { type: 'string' } },
            },
          },
          ...refusals(400, ...(access ? ([401] as const) : []), 403, 413, 429, 503, 504),
        },
        ...(access && { security: [{ token: [] }] }),
      },
    },
  };
}
