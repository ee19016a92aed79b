import { completeService, type ServiceOptions } from '@nuts/requests';
import { accessOptions, compact, natsOptions } from './hub-options.mapper.js';
import type { ServiceReading } from './hub-reading.js';

/** The options of an entry of `services` from validated settings. */
export function serviceOptions({ values }: ServiceReading): ServiceOptions {
  const { subject_prefix: subjectPrefix, allowed_headers: headers } = values;
  if (subjectPrefix === undefined) throw new Error('no subject_prefix: a rule has let it pass');
  return completeService(
    compact({
      path: values.path,
      nats: natsOptions(values),
      subjectPrefix,
      access: accessOptions(values),
      anonymous: values.request_anonymous,
      cors: {
        origins: [...new Set(values.allowed_origins)],
        ...(headers && { headers: [...new Set(headers)] }),
      },
      requestTimeoutMs: values.request_timeout,
      maxRequests: values.request_max,
      maxRequestsPerClient: values.request_max_per_client,
      maxBytes: values.publish_max_bytes,
      rate: values.publish_rate,
      heartbeatMs: values.heartbeat_interval,
      clientBufferSize: values.client_buffer_size,
      writeTimeoutMs: values.write_timeout,
      transientRetryMs: values.transient_retry,
    }),
  );
}
