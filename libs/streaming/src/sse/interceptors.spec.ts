import { type CallHandler, type ExecutionContext, Injectable } from '@nestjs/common';
import { APP_INTERCEPTOR } from '@nestjs/core';
import { finalize, type Observable, tap } from 'rxjs';
import { type Edge, FakeHub, hubOptions, startEdge } from './edge.fixture.js';
import { StreamRefusal } from '../refusals/stream-refusal.js';

/** A typical interceptor for all responses. */
@Injectable()
class Watcher {
  static seen: string[] = [];

  intercept(_context: ExecutionContext, next: CallHandler): Observable<unknown> {
    Watcher.seen.push('begin');
    return next.handle().pipe(
      tap((event) => Watcher.seen.push((event as { type: string }).type)),
      finalize(() => Watcher.seen.push('end')),
    );
  }
}

/** A hub that plans for a while, as if it waited for JetStream. */
class SlowHub extends FakeHub {
  override async open(request: Parameters<FakeHub['open']>[0]): ReturnType<FakeHub['open']> {
    await new Promise((resolve) => setTimeout(resolve, 30));
    const opened = await super.open(request);
    const write = (what: string): void => void request.response.write(`data: ${what}\nid: 8\n\n`);
    const tooLate = setTimeout(write, 5000, 'too late');
    // The engine uses this to find out when it may write.
    request.response.once('pipe', () => {
      clearTimeout(tooLate);
      setImmediate(write, 'piped');
    });
    return opened;
  }
}

let edge: Edge;
const hub = new SlowHub(hubOptions());
beforeAll(async () => {
  edge = await startEdge({
    hubs: [hub],
    providers: [{ provide: APP_INTERCEPTOR, useClass: Watcher }],
  });
});
beforeEach(() => {
  Watcher.seen = [];
  hub.refuseWith = undefined;
});
afterAll(() => edge.close());

describe('an application with an interceptor for every route', () => {
  it('has streams that continue after the connected event', async () => {
    const answer = await fetch(`${edge.url}/events?topic=a`);
    let body = '';
    for await (const chunk of answer.body as unknown as AsyncIterable<Uint8Array>) {
      body += Buffer.from(chunk).toString();
      if (body.includes('id: 8')) await hub.drain();
    }
    expect(body).toContain('data: piped\nid: 8\n\n');
    expect(Watcher.seen).toEqual(['begin', 'connected', 'end']);
  });

  it('refuses with a status, or with a retry stream', async () => {
    hub.refuseWith = new StreamRefusal('max_connections');
    const plain = await fetch(`${edge.url}/events?topic=a`);
    expect(plain.status).toBe(429);
    const stream = await fetch(`${edge.url}/events?topic=a&last-id=7`, {
      headers: { accept: 'text/event-stream' },
    });
    expect(await stream.text()).toMatch(
      /^: Too many concurrent connections\nid: 7\nretry: \d+\n\n$/,
    );
    hub.refuseWith = new StreamRefusal('foreign_subject');
    expect((await fetch(`${edge.url}/events?topic=a`)).status).toBe(503);
    expect(hub.active).toBe(0);
  });
});
