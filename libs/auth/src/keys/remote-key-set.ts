import { Logger } from '@nestjs/common';
import type { JWK } from 'jose';
import { KeysUnavailableException } from '../auth.errors.js';
import type { JwksOptions } from '../auth-options.js';
import { boundedFetch } from './bounded-fetch.js';
import { HeldKey, keyIdentity } from './held-key.js';
import { msBetween, NEVER, presentMoment, type Moment } from './moment.js';

/** Minimum and maximum pause before the next fetch, in ms: `setTimeout` is limited to 24.8 days. */
const MIN_PAUSE_MS = 100;
const MAX_PAUSE_MS = 24 * 3600 * 1000;

/**
 * The keys of a JWKS URL, as fresh as contract §6 requires. They are fetched again at half their maximum
 * age, whether tokens arrive or not. They are not used beyond that age if the provider responds, and never
 * beyond `maxStaleMs`. Their age counts from the start of the request.
 */
export class RemoteKeySet {
  private readonly logger = new Logger(RemoteKeySet.name);
  private keys: ReadonlyMap<string, HeldKey> | undefined;
  private askedAt = NEVER;
  private failedAt = NEVER;
  private fetching: Promise<boolean> | undefined;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly url: URL,
    private readonly options: JwksOptions,
    private readonly closed: AbortSignal,
  ) {
    closed.addEventListener('abort', () => clearTimeout(this.timer), { once: true });
  }

  /** Whether the keys are too old even for an unreachable provider, so that none may be used. */
  get isOutdated(): boolean {
    const { maxAgeMs, maxStaleMs } = this.options;
    return since(this.askedAt) > Math.max(maxAgeMs, maxStaleMs);
  }

  /**
   * The currently valid keys. Waits for a fetch if they have expired, but not repeatedly for a provider
   * that has just failed.
   *
   * @throws KeysUnavailableException
   */
  async current(): Promise<Iterable<HeldKey>> {
    const hasFailed = msBetween(this.askedAt, this.failedAt) > this.options.maxAgeMs;
    const isOld = since(this.askedAt) > this.options.maxAgeMs;
    if (this.isOutdated || (isOld && !hasFailed)) await this.fetch();
    if (this.keys === undefined || this.isOutdated) throw new KeysUnavailableException();
    return this.keys.values();
  }

  /** Fetches because a token has an unknown key ID; returns whether there are new keys. */
  async refetch(): Promise<boolean> {
    return since(this.askedAt) >= this.options.cooldownMs && (await this.fetch());
  }

  /** Returns whether the fetch brought keys. Shared by concurrent callers; never rejects. */
  fetch(): Promise<boolean> {
    // Clients must not be able to flood a failing provider with requests.
    const hasJustFailed = since(this.failedAt) < this.options.retryMs;
    const mayStart = !this.closed.aborted && !hasJustFailed;
    return this.fetching !== undefined || mayStart ? this.fetchNow() : Promise.resolve(false);
  }

  private fetchNow(): Promise<boolean> {
    return (this.fetching ??= this.load().finally(() => (this.fetching = undefined)));
  }

  private async load(): Promise<boolean> {
    const { maxAgeMs, retryMs, timeoutMs } = this.options;
    const askedAt = presentMoment();
    try {
      this.replace(jwksOf(await boundedFetch(this.url, timeoutMs, this.closed)));
      this.askedAt = askedAt;
      this.failedAt = NEVER;
      this.fetchAgainIn(maxAgeMs / 2);
      return true;
    } catch (error) {
      this.failedAt = presentMoment();
      this.fetchAgainIn(Math.min(retryMs, maxAgeMs / 2));
      this.warn(error);
      return false;
    }
  }

  private replace(jwks: readonly JWK[]): void {
    const held = new Map<string, HeldKey>();
    for (const jwk of jwks) {
      const id = keyIdentity(jwk);
      held.set(id, this.keys?.get(id) ?? new HeldKey(jwk));
    }
    for (const [id, key] of this.keys ?? []) key.isWithdrawn = !held.has(id);
    this.keys = held;
  }

  private fetchAgainIn(ms: number): void {
    clearTimeout(this.timer);
    if (this.closed.aborted) return;
    const pauseMs = Math.min(MAX_PAUSE_MS, Math.max(MIN_PAUSE_MS, ms));
    this.timer = setTimeout(() => void this.fetchNow(), pauseMs).unref();
  }

  /** Logs a failed fetch or an unusable key. */
  warn(error: unknown): void {
    if (this.closed.aborted) return;
    const { origin, pathname } = this.url;
    const held =
      this.keys === undefined || this.isOutdated
        ? 'no key is held, tokens wait'
        : 'the keys held serve on';
    this.logger.warn(`JWKS ${origin}${pathname} could not be used (${reason(error)}): ${held}`);
  }
}

function since(moment: Moment): number {
  return msBetween(moment, presentMoment());
}

/** The usable keys. Invalid members do not affect the others. */
function jwksOf(body: unknown): JWK[] {
  const keys: unknown = (body as { keys?: unknown } | null)?.keys;
  if (!Array.isArray(keys)) throw new Error('the response is not a key set');
  return keys.filter(isJwk);
}

function isJwk(value: unknown): value is JWK {
  return typeof value === 'object' && value !== null && 'kty' in value && !Array.isArray(value);
}

function reason(error: unknown): string {
  const { message, cause } = error as Error;
  const code = (cause as NodeJS.ErrnoException | undefined)?.code;
  return code === undefined ? message : `${message}, ${code}`;
}
