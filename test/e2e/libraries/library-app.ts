import {
  type CanActivate,
  type DynamicModule,
  type ExecutionContext,
  Injectable,
  Module,
  type ModuleMetadata,
} from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { setSubscriber } from '@nuts/auth';
import { completeHub, type HubDeclaration, type HubOptions, HubRegistry } from '@nuts/streaming';
import type { Request } from 'express';
import { disposeAtEnd } from '../../support/disposal.js';
import { type NatsServer, type NatsServerOptions, startNats } from '../../support/nats/index.js';
import { until } from '../../support/until.js';
import { connectAdmin } from '../hubs/hubs-app.js';
import type { StreamAdmin } from '../nats/stream-admin.js';

/** An application that imports the libraries. */
export interface LibraryApp {
  readonly app: NestExpressApplication;
  readonly url: string;
  readonly registry: HubRegistry;
  close(): Promise<void>;
}

/** Starts it and resolves when all its hubs deliver. Ends with the test file. */
export async function startLibraryApp(metadata: ModuleMetadata): Promise<LibraryApp> {
  @Module({})
  class SomebodysModule {}

  const module: DynamicModule = { ...metadata, module: SomebodysModule };
  const app = await NestFactory.create<NestExpressApplication>(module, {
    logger: false,
    abortOnError: false,
  });
  const close = async (): Promise<void> => {
    app.getHttpServer().closeAllConnections();
    await app.close();
  };
  disposeAtEnd(close);
  await app.listen(0, '127.0.0.1');
  const registry = app.get(HubRegistry, { strict: false });
  await until(() => registry.hubs().every(({ status }) => status.trouble === undefined), {
    what: () => JSON.stringify(registry.hubs().map(({ status }) => status.trouble)),
  });
  return { app, url: await app.getUrl(), registry, close };
}

/** Identifies the client by a header, as an application's guard would by a session. */
@Injectable()
export class HeaderGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<Request>();
    const subject = request.get('x-user');
    if (subject === undefined) return false;
    setSubscriber(request, { subject, filters: ['>'] });
    return true;
  }
}

/** A hub over the stream `EVENTS` with short retry delays. */
export function hubOn(nats: NatsServer, changes: Partial<HubDeclaration> = {}): HubOptions {
  return completeHub({
    path: '/events',
    nats: { servers: [nats.url] },
    stream: 'EVENTS',
    topicPrefix: 'events.',
    transientRetryMs: 200,
    ...changes,
  });
}

/** The environment of a test file. */
export interface LibraryRig {
  readonly nats: NatsServer;
  readonly admin: StreamAdmin;
  /** An application with these modules; it ends with its test. */
  readonly start: (...imports: NonNullable<ModuleMetadata['imports']>) => Promise<LibraryApp>;
  readonly hub: (changes?: Partial<HubDeclaration>) => HubOptions;
}

/** A nats-server with the streams `EVENTS` and `OTHER`. Call it where the tests are declared. */
export function libraryRig(options: NatsServerOptions = {}): LibraryRig {
  let nats: NatsServer;
  let admin: StreamAdmin;
  const apps: LibraryApp[] = [];
  beforeAll(async () => {
    nats = await startNats(options);
    admin = await connectAdmin({ servers: nats.url });
    await admin.createStream({ name: 'EVENTS' });
    await admin.createStream({ name: 'OTHER' });
  });
  afterEach(() => Promise.all(apps.splice(0).map((app) => app.close())));
  return {
    get nats() {
      return nats;
    },
    get admin() {
      return admin;
    },
    start: async (...imports) => {
      const app = await startLibraryApp({ imports });
      apps.push(app);
      return app;
    },
    hub: (changes) => hubOn(nats, changes),
  };
}
