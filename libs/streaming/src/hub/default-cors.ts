import type { CorsOptions } from '@nuts/auth';

/** What of a hub decides what its clients send from other origins. */
export interface CorsFeatures {
  /** Clients may send their token as `Authorization: Bearer`. */
  readonly verifiesTokens: boolean;
}

/** The CORS defaults of a hub (contract §7): every origin, and what the hub's features need. */
export function defaultCors({ verifiesTokens }: CorsFeatures): CorsOptions {
  return {
    origins: ['*'],
    headers: ['Cache-Control', 'Last-Event-ID', ...(verifiesTokens ? ['Authorization'] : [])],
    methods: ['GET', 'OPTIONS'],
  };
}
