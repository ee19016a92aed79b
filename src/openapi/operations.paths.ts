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
          200: { description: 'Healthy.', content: body },
          503: { description: 'Unhealthy.', content: body },
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
      probe(prefix + livePath, 'Liveness.'),
      probe(prefix + readyPath, 'Readiness.'),
      probe(prefix + healthPath, 'Readiness, under its earlier name.'),
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
