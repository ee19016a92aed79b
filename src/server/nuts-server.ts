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
import { joinWorkers } from '../workers/join-workers.js';
import type { WorkerLink } from '../workers/worker-link.js';

/** The running service: also what the tests start, so that they see what a process would serve. */
export class NutsServer {
  private readonly logger = new Logger('NutsServer');
  private stopping: Promise<void> | undefined;

  private constructor(
    readonly app: NestExpressApplication,
    /** Where the hubs are; the port is the real one. */
    readonly url: string,
    /** Where metrics and root probes are, when they have a port of their own. */
    readonly managementUrl: string | undefined,
    private readonly servers: readonly Server[],
    private readonly hasServices: boolean,
  ) {}

  /**
   * Starts all hubs and listens. Rejects with a `ListenError`, or with what the modules cannot
   * start with (refused credentials, a missing stream).
   *
   * @param link to the other workers behind the same ports, where there are any
   */
  static async start(
    options: ProcessOptions,
    logger?: LoggerService | false,
    link?: WorkerLink,
  ): Promise<NutsServer> {
    const app = await NestFactory.create<NestExpressApplication>(
      AppModule.forRoot(options, link),
      new NutsHttpAdapter(),
      // Bodies are read by the routes that take one, as they are; an etag would hash every answer of a probe.
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
        const management = createManagementServer(app.getHttpAdapter().getInstance());
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

  /** Emits when a hub can never work (again); see `HubDirectory`. */
  get failure$(): Observable<Error> {
    return this.hubs.failure$;
  }

  /** The orderly end, see {@link shutDown}; the same promise when called again. */
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

  /** Undefined where the configuration has no services. */
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

/** The address of a port, for people. */
export function urlOf(host: string, port: number): string {
  return `http://${isIPv6(host) ? `[${host}]` : host}:${port}`;
}
