import {
  createServer,
  request,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { disposeAtEnd } from '../support/disposal.js';

/** A response to a client, with its time. */
export interface Forwarded {
  readonly atMs: number;
  readonly status: number;
  readonly upstream: string | undefined;
}

interface Upstream {
  readonly url: string;
  ready: boolean;
  open: number;
}

const POLL_MS = 100;

/**
 * What an ingress does in front of several instances: it routes to those whose readiness probe
 * succeeds, to the least busy one, tries another when nobody answers, and says 502 when there is none.
 * It asks the probe that the manifests configure, `/readyz?outage=ready`. Ends with the test file.
 */
export class ReadinessProxy {
  readonly answers: Forwarded[] = [];
  private readonly upstreams = new Map<string, Upstream>();
  private readonly server: Server;
  private readonly poll: NodeJS.Timeout;

  private constructor() {
    this.server = createServer((incoming, outgoing) => this.forward(incoming, outgoing, []));
    this.poll = setInterval(() => void this.probeAll(), POLL_MS);
    disposeAtEnd(() => this.close());
  }

  static async start(): Promise<ReadinessProxy> {
    const proxy = new ReadinessProxy();
    await new Promise<void>((resolve) => proxy.server.listen(0, '127.0.0.1', 4096, resolve));
    return proxy;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async add(url: string): Promise<void> {
    this.upstreams.set(url, { url, ready: false, open: 0 });
    await this.probeAll();
  }

  remove(url: string): void {
    this.upstreams.delete(url);
  }

  /** Open streams through an upstream. */
  openTo(url: string): number {
    return this.upstreams.get(url)?.open ?? 0;
  }

  isReady(url: string): boolean {
    return this.upstreams.get(url)?.ready ?? false;
  }

  private async probeAll(): Promise<void> {
    await Promise.all(
      [...this.upstreams.values()].map(async (upstream) => {
        try {
          const signal = AbortSignal.timeout(1000);
          const probe = await fetch(`${upstream.url}/readyz?outage=ready`, { signal });
          upstream.ready = probe.ok;
          await probe.arrayBuffer();
        } catch {
          upstream.ready = false;
        }
      }),
    );
  }

  private forward(incoming: IncomingMessage, outgoing: ServerResponse, tried: Upstream[]): void {
    const upstream = [...this.upstreams.values()]
      .filter((candidate) => candidate.ready && !tried.includes(candidate))
      .sort((a, b) => a.open - b.open)[0];
    if (upstream === undefined) return this.answer(outgoing, 502);
    upstream.open += 1;
    const { headers, method, url } = incoming;
    const forwarded = request(`${upstream.url}${url}`, { method, headers, agent: false });
    forwarded.once('close', () => (upstream.open -= 1));
    forwarded.on('error', () => {
      if (outgoing.headersSent || outgoing.destroyed) outgoing.destroy();
      else this.forward(incoming, outgoing, [...tried, upstream]);
    });
    forwarded.once('response', (response) => {
      this.note(response.statusCode ?? 0, upstream.url);
      outgoing.writeHead(response.statusCode ?? 502, response.headers);
      outgoing.flushHeaders();
      response.on('error', () => outgoing.destroy());
      response.pipe(outgoing);
    });
    outgoing.once('close', () => forwarded.destroy());
    forwarded.end();
  }

  private answer(outgoing: ServerResponse, status: number): void {
    this.note(status, undefined);
    outgoing.writeHead(status).end();
  }

  private note(status: number, upstream: string | undefined): void {
    this.answers.push({ atMs: performance.now(), status, upstream });
  }

  private async close(): Promise<void> {
    clearInterval(this.poll);
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
