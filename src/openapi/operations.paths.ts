import type { OpenAPIObject } from '@nestjs/swagger';
import type { HubOptions } from '@nuts/streaming';
import { METRICS_PATH } from '../server/operations.middleware.js';
import { schema } from './components.js';

type Paths = OpenAPIObject['paths'];
const TAG = 'operations';

function probe(path: string, summary: string): Paths {
  const body = { 'application/json': { schema: schema('Health') } };
  return {
    [path]: {
      get: {
        operationId: ['probe', ...path.split('/')].filter(Boolean).join('_'),
        tags: [TAG],
        summary,
        responses: {
          200: { description: 'Yes.', content: body },
          503: { description: 'No.', content: body },
        },
      },
    },
  };
}

/** Probes, of all hubs at the root and of each below its path, and the metrics. */
export function operationsPaths(hubs: readonly HubOptions[]): Paths {
  const probes = hubs.flatMap(({ path, probes: { livePath, readyPath, healthPath } }) => {
    const base = path === '/' ? '' : path;
    return ['', base].flatMap((prefix) => [
      probe(prefix + livePath, 'Whether the process answers.'),
      probe(prefix + readyPath, 'Whether it is ready for requests.'),
      probe(prefix + healthPath, 'The same, under its old name.'),
    ]);
  });
  const metrics: Paths = {
    [METRICS_PATH]: {
      get: {
        operationId: 'metrics',
        tags: [TAG],
        summary: 'Metrics for Prometheus.',
        responses: {
          200: {
            description: 'The text format.',
            content: { 'text/plain': { schema: { type: 'string' } } },
          },
        },
      },
    },
  };
  return Object.assign({}, ...probes, metrics) as Paths;
}
