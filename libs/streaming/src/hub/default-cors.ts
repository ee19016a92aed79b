import type { CorsOptions } from '@nuts/auth';
import type { FrameFormat, HubOptions } from './hub-options.interface.js';

/** The options that decide which methods a hub serves. */
export interface HubFeatures extends Pick<HubOptions, 'access' | 'publish'> {
  readonly kvBucket?: string | undefined;
  readonly format?: Partial<FrameFormat>;
}

const WRITE_HEADERS = ['Content-Type', 'Idempotency-Key', 'If-Match', 'If-None-Match'];

/** The HTTP methods that a hub serves, as listed in `Allow`. */
export function servedMethods(features: Pick<HubFeatures, 'publish' | 'kvBucket'>): string[] {
  return ['GET', 'OPTIONS', ...writingMethods(features)];
}

/** The methods that write, including the deletion of a key. */
export function writingMethods({
  publish,
  kvBucket,
}: Pick<HubFeatures, 'publish' | 'kvBucket'>): string[] {
  if (publish === undefined) return [];
  return kvBucket === undefined ? ['POST'] : ['POST', 'PUT', 'DELETE'];
}

/**
 * The CORS rules of a hub that sets none: all origins, and the methods and headers that its features need
 * (contract §7).
 */
export function defaultCors(features: HubFeatures): CorsOptions {
  const { access, publish, format } = features;
  return {
    origins: ['*'],
    headers: [
      'Cache-Control',
      'Last-Event-ID',
      ...(access ? ['Authorization'] : []),
      ...(publish ? WRITE_HEADERS : []),
      ...(publish?.headers.map((name) => `Nuts-Header-${name}`) ?? []),
      ...(publish && format?.traceContext ? ['traceparent'] : []),
    ],
    methods: servedMethods(features),
  };
}
