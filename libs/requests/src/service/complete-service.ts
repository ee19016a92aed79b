import type { ServiceOptions } from './service-options.interface.js';

/** The required options. */
type RequiredOptions = Pick<ServiceOptions, 'path' | 'nats' | 'subjectPrefix'>;

/** A service as an application declares it; omitted fields have defaults. */
export type ServiceDeclaration = RequiredOptions &
  Partial<Omit<ServiceOptions, keyof RequiredOptions | 'cors'>> & {
    readonly cors?: Partial<ServiceOptions['cors']>;
  };

/** Adds the defaults documented in {@link ServiceOptions}. */
export function completeService(service: ServiceDeclaration): ServiceOptions {
  return {
    name: service.path,
    anonymous: false,
    requestTimeoutMs: 10_000,
    maxRequests: 100,
    maxBytes: 1_048_576,
    heartbeatMs: 30_000,
    clientBufferSize: 64,
    transientRetryMs: 5_000,
    ...service,
    cors: {
      origins: ['*'],
      headers: ['Authorization', 'Cache-Control', 'Content-Type', 'Last-Event-ID'],
      methods: ['POST', 'OPTIONS'],
      ...service.cors,
    },
  };
}
