import { completeService } from '@nuts/requests';
import { completeHub } from '@nuts/streaming';
import type { ProcessOptions } from '../config/process-options.interface.js';

/** The content of docs/openapi.json: a hub, one over a bucket, and an entry of services. */
export function sampleOptions(servers: string[]): Pick<ProcessOptions, 'hubs' | 'services'> {
  const nats = { servers };
  const access = { secret: 'a secret of at least thirty-two bytes' };
  return {
    hubs: [
      completeHub({
        path: '/events',
        nats,
        stream: 'EVENTS',
        topicPrefix: 'events.',
        access,
        presence: true,
        publish: { headers: ['Kind'] },
      }),
      completeHub({ path: '/flags', nats, kvBucket: 'flags', access, publish: {} }),
    ],
    services: [completeService({ path: '/services', subjectPrefix: 'services.', nats, access })],
  };
}
