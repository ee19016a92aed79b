import { cpuMs, residentBytes } from './process-facts.js';
import type { Target } from './target.interface.js';
import { withTopics } from './topics-url.js';
import { until } from './until.js';

/** How long the benchmark waits for a peer, which is started manually, in ms. */
const PATIENCE_MS = 300_000;

/** Another SSE server on the same stream. */
export interface PeerOptions {
  readonly url: string;
  /** Its process, for CPU time and memory. */
  readonly pid?: number;
}

/** A server that the benchmark did not start. */
export class PeerTarget implements Target {
  readonly name = 'peer';

  private constructor(private readonly options: PeerOptions) {}

  static async reach(options: PeerOptions): Promise<PeerTarget> {
    const peer = new PeerTarget(options);
    await until(
      () => answers(peer.url(['bench.common'])),
      options.url,
      () => '',
      PATIENCE_MS,
    );
    return peer;
  }

  url(topics: readonly string[]): string {
    return withTopics(this.options.url, topics);
  }

  cpuMs(): number {
    return this.options.pid === undefined ? NaN : cpuMs(this.options.pid);
  }

  residentBytes(): number {
    return this.options.pid === undefined ? NaN : residentBytes(this.options.pid);
  }

  memory(): Promise<undefined> {
    return Promise.resolve(undefined);
  }

  stop(): Promise<void> {
    return Promise.resolve();
  }
}

async function answers(url: string): Promise<boolean> {
  const controller = new AbortController();
  try {
    return (await fetch(url, { signal: controller.signal })).ok;
  } catch {
    return false;
  } finally {
    controller.abort();
  }
}
