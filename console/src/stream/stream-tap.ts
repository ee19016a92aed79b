import { type Block, BlockReader } from './block.js';

/** The raw events of a stream, which the client does not expose. */
export interface TapListener {
  requested(url: URL): void;
  /** The response headers have arrived. */
  answered(status: number): void;
  block(block: Block): void;
  /** Cut by {@link StreamTap.cut}. */
  cut(): void;
}

/** A `fetch` for the client that lets the page observe and cut the stream. */
export class StreamTap {
  private readonly open = new Set<AbortController>();

  constructor(private readonly listener: TapListener) {}

  /** For `ConnectOptions.fetch`. */
  readonly fetch: typeof fetch = async (input, init = {}) => {
    const headers = new Headers(init.headers);
    if (headers.get('accept') !== 'text/event-stream' || (init.method ?? 'GET') !== 'GET') {
      return fetch(input, init);
    }
    const cutter = new AbortController();
    const signal = init.signal ? AbortSignal.any([init.signal, cutter.signal]) : cutter.signal;
    this.listener.requested(new URL(input instanceof Request ? input.url : input));
    const response = await fetch(input, { ...init, signal });
    this.listener.answered(response.status);
    if (!response.ok || !response.body) return response;
    this.open.add(cutter);
    init.signal?.addEventListener('abort', () => this.open.delete(cutter));
    const { status, statusText } = response;
    const body = response.body.pipeThrough(this.watch(cutter));
    return new Response(body, { status, statusText, headers: response.headers });
  };

  /** Cuts the connection, as a network failure does. Returns whether there was one. */
  cut(): boolean {
    const any = this.open.size > 0;
    if (any) this.listener.cut();
    for (const cutter of this.open) cutter.abort(new Error('cut by this page'));
    this.open.clear();
    return any;
  }

  private watch(cutter: AbortController): TransformStream<Uint8Array, Uint8Array> {
    const decoder = new TextDecoder();
    const reader = new BlockReader((block) => this.listener.block(block));
    return new TransformStream<Uint8Array, Uint8Array>({
      transform: (chunk, controller) => {
        reader.feed(decoder.decode(chunk, { stream: true }));
        controller.enqueue(chunk);
      },
      flush: () => void this.open.delete(cutter),
    });
  }
}
