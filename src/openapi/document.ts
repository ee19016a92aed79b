import { DocumentBuilder, type OpenAPIObject } from '@nestjs/swagger';
import type { ProcessOptions } from '../config/process-options.interface.js';
import { SCHEMAS } from './components.js';
import { hubPaths } from './hub.paths.js';
import { operationsPaths } from './operations.paths.js';
import { servicePaths } from './service.paths.js';

/**
 * The OpenAPI document of a configuration. Generated from the options instead of Nest's routes, because all
 * hubs share one internal route that only their middleware knows, and so do services.
 */
export function openApiDocument({
  hubs,
  services,
}: Pick<ProcessOptions, 'hubs' | 'services'>): OpenAPIObject {
  const base = new DocumentBuilder()
    .setTitle('NUTS for NestJS')
    .setDescription(
      'NATS JetStream as Server-Sent Events, publishing, and NATS services over HTTP.',
    )
    .setVersion('0.1.0')
    .setLicense('MIT', 'https://spdx.org/licenses/MIT.html')
    .addBearerAuth({ type: 'http', scheme: 'bearer', bearerFormat: 'JWT' }, 'token')
    .build();
  return {
    ...base,
    components: { ...base.components, schemas: SCHEMAS },
    paths: Object.assign(
      {},
      ...hubs.map(hubPaths),
      ...services.map(servicePaths),
      operationsPaths(hubs),
    ) as OpenAPIObject['paths'],
  };
}
