import type { Server } from 'node:http';
import { isIPv6 } from 'node:net';
import { Logger, type LoggerService } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { ServiceRegistry } from '@nuts/requests';
import { Drain, HUB_DIRECTORY, type HubDirectory } from '@nuts/streaming';
import type { Observable } from 'rxjs';
import { AppModule } from '../app.module.js';
import type { ProcessOptions } from '../config/process-options.interface.js';
import { listen } from './listen.js';
import { createManagementServer } from './management-server.js';
import { NutsHttpAdapter } from './nuts-http.adapter.js';
import { shutDown } from './shutdown.js';
import { UnreadAnswers } from './unread-answers.js';
import { joinWorkers } from '../workers/join-workers.js';
import type { WorkerLink } from '../workers/worker-link.js';

/** How long a client may read nothing of an ordinary answer if `write_timeout` is off. */
const UNREAD_TIMEOUT_MS = 30_000;

/** The running service. Tests start it too, so that they test what a process serves. */
export class NutsServer {
  private readonly logger = new Logger('NutsServer');
  private stopping: Promise<void> | undefined;

  private constructor(
    readonly app: NestExpressApplication,
    /** The URL of the hubs, with the actual port. */
    readonly url: string,
    /** The URL of metrics and root probes, if they have a port of their own. */
    readonly managementUrl: string | undefined,
    private readonly servers: readonly Server[],
    private readonly hasServices: boolean,
  ) {}

  /**
   * Starts all hubs and listens. Rejects with a `ListenError`, or with a startup error of a module (refused
   * credentials, a missing stream).
   *
   * @param link the connection to the other workers of the same ports, if any
   */
  static async start(
    options: ProcessOptions,
    logger?: LoggerService | false,
    link?: WorkerLink,
  ): Promise<NutsServer> {
    const unread = new UnreadAnswers(unreadTimeoutOf(options));
    const app = await NestFactory.create<NestExpressApplication>(
      AppModule.forRoot(options, link),
      new NutsHttpAdapter(unread),
      // Routes read bodies themselves, unchanged; an ETag would hash every probe's answer.
      { bodyParser: false, abortOnError: false, ...(logger !== undefined && { logger }) },
    );
    app.disable('x-powered-by').disable('etag').set('trust proxy', options.trustProxy);
    const servers: Server[] = [];
    try {
      await app.init();
      const server = app.getHttpServer();
      servers.push(server);
      const { host, port, managementPort } = options;
      const isShared = link !== undefined;
      if (link !== undefined) await joinWorkers(app, link);
      const publicPort = await listen(server, { host, port, portSetting: 'PORT', isShared });
      let managementUrl: string | undefined;
      if (managementPort !== undefined) {
        const management = createManagementServer(app.getHttpAdapter().getInstance(), unread);
        servers.push(management);
        const portSetting = 'MANAGEMENT_PORT';
        const address = { host, port: managementPort, portSetting, isShared } as const;
        managementUrl = urlOf(host, await listen(management, address));
      }
      const hasServices = options.services.length > 0;
      const url = urlOf(host, publicPort);
      const running = new NutsServer(app, url, managementUrl, servers, hasServices);
      running.announce(options);
      return running;
    } catch (error) {
      for (const server of servers) server.close();
      await app.close().catch(() => undefined);
      throw error;
    }
  }

  /** Emits when a hub cannot work without a change by the operator; see `HubDirectory`. */
  get failure$(): Observable<Error> {
    return this.hubs.failure$;
  }

  /** Shuts down, see {@link shutDown}; returns the same promise when called again. */
  stop(): Promise<void> {
    if (this.stopping === undefined) this.logger.log('draining');
    this.stopping ??= shutDown({
      drain: this.app.get(Drain, { strict: false }),
      hubs: this.hubs,
      services: this.services,
      servers: this.servers,
      closeApplication: () => this.app.close(),
    });
    return this.stopping;
  }

  /** Undefined if the configuration has no services. */
  private get services(): ServiceRegistry | undefined {
    return this.hasServices ? this.app.get(ServiceRegistry, { strict: false }) : undefined;
  }

  private get hubs(): HubDirectory {
    return this.app.get<HubDirectory>(HUB_DIRECTORY, { strict: false });
  }

  private announce({ hubs, services }: ProcessOptions): void {
    const paths = (all: readonly { readonly path: string }[]): string =>
      all.map(({ path }) => path).join(' ');
    const also = services.length === 0 ? '' : `, services: ${paths(services)}`;
    this.logger.log(`listening on ${this.url}, hubs: ${paths(hubs)}${also}`);
    if (this.managementUrl !== undefined) {
      this.logger.log(`metrics and root probes on ${this.managementUrl}`);
    }
  }
}

/** The longest `write_timeout` of all hubs and services; 30 s for one without. */
function unreadTimeoutOf({ hubs, services }: ProcessOptions): number {
  return Math.max(
    ...[...hubs, ...services].map(({ writeTimeoutMs = UNREAD_TIMEOUT_MS }) => writeTimeoutMs),
  );
}

/** The URL of a port. */
export function urlOf(host: string, port: number): string {
  return `http://${isIPv6(host) ? `[${host}]` : host}:${port}`;
}
