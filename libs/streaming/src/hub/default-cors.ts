import type { CorsOptions } from '@nuts/auth';
import type { FrameFormat, HubOptions } from './hub-options.interface.js';

/** What decides what a hub serves. */
export interface HubFeatures extends Pick<HubOptions, 'access' | 'publish'> {
  readonly format?: Partial<FrameFormat>;
}

const WRITE_HEADERS = ['Content-Type', 'Idempotency-Key', 'If-Match', 'If-None-Match'];

/** The methods that a hub answers, as `Allow` lists them. */
export function servedMethods({ publish }: Pick<HubFeatures, 'publish'>): string[] {
  return ['GET', 'OPTIONS', ...(publish ? ['POST'] : [])];
}

/** The CORS rules of a hub that names none: every origin, and what its features need (contract §7). */
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
