import type { IncomingHttpHeaders } from 'node:http';
import { type DynamicModule, Module, type ModuleMetadata } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import {
  completeService,
  RequestsModule,
  type RequestsExtras,
  type Service,
  type ServiceDeclaration,
  ServiceRegistry,
} from '@nuts/requests';
import { connect, type Msg, type NatsConnection } from 'nats';
import { disposeAtEnd } from '../../support/disposal.js';
import { type NatsServer, startNats } from '../../support/nats/index.js';
import { RawSse } from '../../support/raw-sse.js';
import { until } from '../../support/until.js';

/** A response with its body. */
export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** An application with services only. Ends with its test. */
export class RequestsApp {
  private constructor(
    readonly app: NestExpressApplication,
    readonly url: string,
    readonly service: Service,
  ) {}

  static async start(
    service: ServiceDeclaration,
    extras: RequestsExtras = {},
    imports: ModuleMetadata['imports'] = [],
    globalPrefix = '',
  ): Promise<RequestsApp> {
    @Module({})
    class SomebodysModule {}
    const module: DynamicModule = {
      module: SomebodysModule,
      imports: [
        ...imports,
        RequestsModule.forRoot({ services: [completeService(service)], ...extras }),
      ],
    };
    const app = await NestFactory.create<NestExpressApplication>(module, {
      logger: false,
      abortOnError: false,
    });
    app.setGlobalPrefix(globalPrefix);
    disposeAtEnd(async () => {
      app.getHttpServer().closeAllConnections();
      await app.close();
    });
    await app.listen(0, '127.0.0.1');
    const [first] = app.get(ServiceRegistry).services();
    if (first === undefined) throw new Error('there is no service');
    await until(() => {
      try {
        first.admit().release();
        return true;
      } catch {
        return false;
      }
    });
    return new RequestsApp(app, await app.getUrl(), first);
  }

  async ask(
    path: string,
    body: string | Uint8Array = '',
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Answer> {
    const answer = await RawSse.open(this.url + path, { method: 'POST', headers, body });
    await answer.ended();
    return { status: answer.status, headers: answer.headers, body: answer.body };
  }

  stream(path: string, body = '', options: { readonly paused?: boolean } = {}): Promise<RawSse> {
    const headers = { accept: 'text/event-stream' };
    return RawSse.open(this.url + path, { method: 'POST', headers, body, ...options });
  }
}

/** A nats-server, and a connection on which test services listen. Call it where tests are declared. */
export interface ServicesRig {
  readonly nats: NatsServer;
  readonly connection: NatsConnection;
  /** Answers a subject until the end of the test. */
  serve(subject: string, handle: (message: Msg) => void): void;
  /** An application with one open service at `/services`, with the prefix `services.`. */
  start(
    changes?: Partial<ServiceDeclaration>,
    extras?: RequestsExtras,
    imports?: ModuleMetadata['imports'],
  ): Promise<RequestsApp>;
  /** Number of subscriptions of all clients, from the server's monitoring. */
  subscriptions(): Promise<number>;
}

export function servicesRig(): ServicesRig {
  let nats: NatsServer;
  let connection: NatsConnection;
  const served: { unsubscribe(): void }[] = [];
  beforeAll(async () => {
    nats = await startNats({ monitor: true });
    connection = await connect({ servers: nats.url });
    disposeAtEnd(() => connection.close());
  });
  afterEach(() => {
    for (const subscription of served.splice(0)) subscription.unsubscribe();
  });
  return {
    get nats() {
      return nats;
    },
    get connection() {
      return connection;
    },
    serve: (subject, handle) => {
      const callback = (_error: unknown, message: Msg): void => handle(message);
      served.push(connection.subscribe(subject, { callback }));
    },
    start: async (changes, extras, imports) => {
      await connection.flush();
      return RequestsApp.start(
        {
          path: '/services',
          subjectPrefix: 'services.',
          nats: { servers: [nats.url], reconnectWaitMs: 50 },
          anonymous: true,
          ...changes,
        },
        extras,
        imports,
      );
    },
    subscriptions: async () => {
      await connection.flush();
      const answer = await fetch(`${nats.monitor}/subsz`);
      return ((await answer.json()) as { num_subscriptions: number }).num_subscriptions;
    },
  };
}
