import { once } from 'node:events';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { Readable } from 'node:stream';
import { type MiddlewareConsumer, Module, type NestModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { MessageEvent } from '@nestjs/common';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { NEVER, Observable } from 'rxjs';
import { completeHub } from '../hub/complete-hub.js';
import type { HubOptions } from '../hub/hub-options.interface.js';
import {
  HUB_DIRECTORY,
  type HubDirectory,
  type OpenedStream,
  type StreamHub,
  type StreamRequest,
} from '../hub/stream-request.interface.js';
import type { OpenedPage } from '../page/opened-page.interface.js';
import { EDGE_CONTROLLERS, EDGE_PROVIDERS } from './edge.providers.js';
import { HUB_GUARDS, type HubGuard } from './hub-guards.js';
import { matchHub } from '../request/hub-path.js';
import { HubMiddleware } from '../request/hub.middleware.js';
import { PROBE_RESPONDER, type ProbeResponder } from '../probes/probe-responder.interface.js';
import type { Provider } from '@nestjs/common';

/** A complete hub, with the contract's defaults. */
export function hubOptions(overrides: Partial<HubOptions> = {}): HubOptions {
  return completeHub({
    path: '/events',
    nats: { servers: ['nats://127.0.0.1:4222'] },
    stream: 'EVENTS',
    topicPrefix: 'events.',
    ...overrides,
  });
}

/** A hub without an engine: opens the configured streams and counts them. */
export class FakeHub implements StreamHub {
  readonly opened: Pick<StreamRequest, 'clientAddress' | 'subscriber' | 'subscription'>[] = [];
  active = 0;
  refuseWith: Error | undefined;
  /** Ends every open stream, as an engine does when tokens expire. */
  private readonly ends = new Set<() => void>();

  constructor(readonly options: HubOptions) {}

  open(request: StreamRequest): Promise<OpenedStream> {
    if (this.refuseWith !== undefined) return Promise.reject(this.refuseWith);
    // The address is only available while the client is connected.
    const { clientAddress, subscriber, subscription } = request;
    this.opened.push({ clientAddress, subscription, ...(subscriber && { subscriber }) });
    const events$ = new Observable<MessageEvent>((subscriber) => {
      this.active += 1;
      const end = (): void => subscriber.complete();
      this.ends.add(end);
      subscriber.next({
        type: 'connected',
        data: JSON.stringify({ topics: request.subscription.topics }),
        id: request.subscription.cursor?.text ?? '7',
      });
      return () => {
        this.ends.delete(end);
        this.active -= 1;
      };
    });
    return Promise.resolve({ events: () => events$ });
  }

  page({ subscription: { topics } }: StreamRequest, limit: number): Promise<OpenedPage> {
    if (this.refuseWith !== undefined) return Promise.reject(this.refuseWith);
    const body = Buffer.from(JSON.stringify({ topics, limit }));
    return Promise.resolve({ readable: Readable.from([body]) });
  }

  drain(): Promise<void> {
    for (const end of [...this.ends]) end();
    return Promise.resolve();
  }
}

export interface EdgeOptions {
  readonly hubs?: readonly FakeHub[];
  readonly guards?: readonly HubGuard[];
  readonly probes?: ProbeResponder;
  readonly globalPrefix?: string;
  readonly providers?: Provider[];
}

export interface Edge {
  readonly app: NestExpressApplication;
  readonly url: string;
  readonly port: number;
  readonly hubs: readonly FakeHub[];
  /** A raw connection; `text()` returns what was received so far. */
  raw(): Promise<RawClient>;
  close(): Promise<void>;
}

export interface RawClient {
  readonly socket: Socket;
  text(): string;
}

/** The HTTP layer in an application of its own, on a free port. */
export async function startEdge(options: EdgeOptions = {}): Promise<Edge> {
  const hubs = options.hubs ?? [new FakeHub(hubOptions())];
  const directory: HubDirectory = {
    hubs: () => hubs,
    byPath: (pathname) => matchHub(hubs, pathname),
    failure$: NEVER,
  };

  @Module({
    controllers: EDGE_CONTROLLERS,
    providers: [
      ...EDGE_PROVIDERS,
      { provide: HUB_DIRECTORY, useValue: directory },
      { provide: HUB_GUARDS, useValue: options.guards ?? [] },
      ...(options.probes ? [{ provide: PROBE_RESPONDER, useValue: options.probes }] : []),
      ...(options.providers ?? []),
    ],
  })
  class EdgeModule implements NestModule {
    configure(consumer: MiddlewareConsumer): void {
      consumer.apply(HubMiddleware).forRoutes('/');
    }
  }

  const app = await NestFactory.create<NestExpressApplication>(EdgeModule, { logger: false });
  if (options.globalPrefix !== undefined) app.setGlobalPrefix(options.globalPrefix);
  await app.listen(0, '127.0.0.1');
  const server = app.getHttpServer();
  const { port } = server.address() as AddressInfo;
  return {
    app,
    port,
    hubs,
    url: `http://127.0.0.1:${port}`,
    raw: async () => {
      const socket = connect(port, '127.0.0.1');
      let text = '';
      socket.setEncoding('latin1').on('data', (chunk: string) => (text += chunk));
      socket.on('error', () => undefined);
      await once(socket, 'connect');
      return { socket, text: () => text };
    },
    close: async () => {
      for (const hub of hubs) await hub.drain();
      server.closeAllConnections();
      await app.close();
    },
  };
}
