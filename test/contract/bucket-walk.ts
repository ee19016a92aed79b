import type { JetStreamManager, KV } from 'nats';
import type { Random } from '../chaos/random.js';

const KEYS = ['a', 'b', 'c/d', 'e=f', 'g.h', 'g.i'];

/** Random changes to a bucket, and its state according to the NATS client. */
export class BucketWalk {
  private count = 0;
  private readonly putAt = new Map<string, number>();

  constructor(
    private readonly kv: KV,
    private readonly bucket: string,
    private readonly jsm: JetStreamManager,
    private readonly random: Random,
  ) {}

  async step(): Promise<void> {
    const key = this.random.pick(KEYS);
    const chance = this.random.next();
    if (chance < 0.55) await this.put(key);
    else if (chance < 0.75) await this.kv.delete(key);
    else if (chance < 0.95) await this.kv.purge(key);
    else await this.purgeDeletes();
  }

  private async put(key: string): Promise<void> {
    const value = `v${++this.count}`;
    this.putAt.set(value, Date.now());
    await this.kv.put(key, value);
  }

  /**
   * Whether a value can be older than the bucket's `ttl` (ms).
   * nats-server removes it up to 250 ms later, and `kv.watch()` shows it until then.
   */
  hasExpired(value: string, ttl: number): boolean {
    return Date.now() - (this.putAt.get(value) ?? Infinity) >= ttl;
  }

  /** Removes the markers of deleted keys, as `nats kv compact` does. */
  private async purgeDeletes(): Promise<void> {
    for (const key of KEYS) {
      const entry = await this.kv.get(key);
      if (entry !== null && entry.operation !== 'PUT') {
        await this.jsm.streams.purge(`KV_${this.bucket}`, { filter: `$KV.${this.bucket}.${key}` });
      }
    }
  }

  /** The last of all changes. */
  async mark(): Promise<void> {
    await this.kv.put('mark', 'x');
  }

  /** The bucket's keys and values, as `kv.watch()` gives them first. */
  async watched(): Promise<Map<string, string>> {
    const values = new Map<string, string>();
    let complete = (): void => undefined;
    const initialized = new Promise<void>((resolve) => (complete = resolve));
    const watch = await this.kv.watch({ initializedFn: () => complete() });
    const reading = (async () => {
      for await (const entry of watch) {
        if (entry.operation === 'PUT') values.set(entry.key, entry.string());
        else values.delete(entry.key);
      }
    })();
    await initialized;
    watch.stop();
    await reading;
    return values;
  }
}
