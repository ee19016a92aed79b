import { once } from 'node:events';
import {
  createServer,
  get,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { PassThrough } from 'node:stream';
import { Logger, type MessageEvent } from '@nestjs/common';
import { NoopMetrics } from '@nuts/metrics';
import { MemoryStream } from '../log/memory-stream.fixture.js';
import { settle } from '../session/feed.fixture.js';
import { hubOptions } from '../sse/edge.fixture.js';
import { Hub } from './hub.js';
import { StreamSource } from './stream-source.js';
import type { StreamRequest } from './stream-request.interface.js';

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await settle();
}

describe.each([
  ['as Nest takes it', false],
  ['behind an interceptor', true],
])('a stream that ends before its first frame, %s', (_, isIntercepted) => {
  let stream: MemoryStream;
  let source: StreamSource;
  let hub: Hub;
  let server: Server;
  /** What happens between the admission and the first frame. */
  let meanwhile: (response: ServerResponse) => void | Promise<void>;
  /** What happens before the admission. */
  let before: (response: ServerResponse) => void | Promise<void>;
  let failures: unknown[];

  /** Replaces Nest: pipes the events into a stream and the stream into the response. */
  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const cursor = request.headers['last-event-id'] as string | undefined;
    const asked: StreamRequest = {
      subscription: {
        hub: hub.options,
        topics: ['a'],
        ...(cursor && { cursor: { sequence: BigInt(cursor), text: cursor } }),
      },
      subscriber: { subject: 'ann', filters: ['>'] },
      clientAddress: '127.0.0.1',
      response,
      signal: new AbortController().signal,
      declined: () => response.end(),
    };
    try {
      await before(response);
      const opened = await hub.open(asked);
      await meanwhile(response);
      // Nest's own writer also has these two methods.
      const writer = Object.assign(new PassThrough(), {
        commitHeaders: () => response.flushHeaders(),
        writeMessage: ({ id }: MessageEvent, _written: () => void) =>
          void writer.write(`id: ${id}\ndata: connected\n\n`),
      });
      // Behind an interceptor, the handler runs after Nest's writer is piped.
      const early = isIntercepted ? undefined : opened.events();
      writer.pipe(response);
      const subscription = (early ?? opened.events()).subscribe({
        next: (event) => writer.writeMessage(event, () => undefined),
        complete: () => writer.end(),
      });
      response.once('close', () => subscription.unsubscribe());
    } catch (error) {
      failures.push(error);
      response.end();
    }
  }

  async function read(cursor?: string): Promise<string> {
    const { port } = server.address() as AddressInfo;
    const headers = cursor === undefined ? {} : { 'last-event-id': cursor };
    const outgoing = get({ port, host: '127.0.0.1', agent: false, headers });
    try {
      const [response] = (await once(outgoing, 'response')) as [IncomingMessage];
      let body = '';
      for await (const chunk of response.setEncoding('utf8')) body += String(chunk);
      return body;
    } catch (error) {
      return String(error);
    }
  }

  beforeAll(() => void Logger.overrideLogger(false));

  beforeEach(async () => {
    before = () => undefined;
    meanwhile = () => undefined;
    failures = [];
    stream = new MemoryStream();
    source = new StreamSource(stream, {
      stream: 'EVENTS',
      topicPrefix: '',
      window: { maxMessages: 5, maxBytes: 1e6 },
      idleHeartbeatMs: 1000,
    });
    const options = hubOptions({ topicPrefix: '', heartbeatMs: 200 });
    hub = new Hub(options, source, new NoopMetrics().hub());
    for (let i = 0; i < 20; i++) stream.store('a');
    source.start();
    await until(() => source.log.canServe);
    server = createServer((request, response) => void serve(request, response));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  });

  afterEach(async () => {
    hub.close();
    source.stop();
    server.closeAllConnections();
    await once(server.close(), 'close');
  });

  const isEmpty = async (): Promise<void> => {
    await until(() => hub.status.connections === 0 && stream.open === 0);
    expect(source.channels.size).toBe(0);
    expect(source.slots.tryAcquire()).toBeDefined();
  };

  it.each([undefined, '3'])('closed before it was admitted (cursor %s)', async (cursor) => {
    before = async (response) => {
      response.destroy();
      await once(response, 'close');
    };
    await read(cursor);
    await until(() => stream.open === 0);
    expect(failures).toEqual([]);
    await isEmpty();
  });

  it.each([undefined, '3'])('closed after it was admitted (cursor %s)', async (cursor) => {
    meanwhile = async (response) => {
      response.destroy();
      await once(response, 'close');
    };
    await read(cursor);
    expect(failures).toEqual([]);
    await isEmpty();
  });

  it.each(['3', '18'])('reset: the client is notified (cursor %s)', async (cursor) => {
    meanwhile = async () => {
      stream.recreate();
      await until(() => source.log.facts?.created === stream.created);
    };
    const body = await read(cursor);
    expect(body).toMatch(/event: reset\ndata: {"reason":"stream_recreated"}\nid: 0\n\n$/);
    expect(body).not.toContain('event: message');
    await isEmpty();
  });

  it('reset, and the new stream already has messages: they follow only after a reconnect', async () => {
    meanwhile = async () => {
      stream.recreate();
      for (let i = 0; i < 18; i++) stream.store('a');
      await until(() => source.log.facts?.created === stream.created);
    };
    const body = await read('16');
    expect(body).toMatch(/event: reset\n.*\nid: 0\n\n$/);
    expect(body).not.toContain('event: message');
    await isEmpty();
  });

  it('rewound during planning: its plan referred to messages that are gone', async () => {
    const openPull = stream.openPull.bind(stream);
    stream.openPull = async (options) => {
      const reader = await openPull(options);
      stream.rewind(10);
      await until(() => source.log.position.sequence === 10);
      return reader;
    };
    await read('3');
    expect(failures).toMatchObject([{ kind: 'jetstream_unavailable' }]);
    await isEmpty();
  });

  it('rewound: the stream is an older state of itself', async () => {
    meanwhile = async () => {
      stream.rewind(10);
      await until(() => source.log.position.sequence === 10);
    };
    expect(await read('18')).toMatch(/data: {"reason":"stream_rewound"}\nid: 0\n\n$/);
    await isEmpty();
  });

  it('drained, and the drain completes', async () => {
    let drained: Promise<void> | undefined;
    meanwhile = () => {
      drained = hub.drain(0);
    };
    expect(await read('18')).toContain(': server shutting down');
    await drained;
    await isEmpty();
  });

  it('drained twice, and both drains complete', async () => {
    let drained: Promise<unknown> | undefined;
    meanwhile = async () => {
      drained = Promise.all([hub.drain(0), hub.drain(0)]);
      await new Promise((resolve) => setTimeout(resolve, 20));
    };
    expect(await read('18')).toContain(': server shutting down');
    await drained;
    await isEmpty();
  });

  it('closed by the application during planning', async () => {
    const freshFacts = source.log.freshFacts.bind(source.log);
    source.log.freshFacts = () => {
      expect(hub.closeStreamsOf('bob')).toBe(0);
      expect(hub.closeStreamsOf('ann')).toBe(1);
      return freshFacts();
    };
    expect(await read('3')).toContain(': closed');
    await isEmpty();
  });

  it('closed by the application', async () => {
    meanwhile = () => expect(hub.closeStreamsOf('ann')).toBe(1);
    expect(await read('3')).toContain(': closed');
    await isEmpty();
  });
});
