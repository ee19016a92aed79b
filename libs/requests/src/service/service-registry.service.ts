import {
  type BeforeApplicationShutdown,
  Inject,
  Injectable,
  Logger,
  type OnModuleInit,
  Optional,
} from '@nestjs/common';
import { ApplicationConfig } from '@nestjs/core';
import { NUTS_METRICS, NoopMetrics, type NutsMetrics, SafeMetrics } from '@nuts/metrics';
import { NatsClients } from '@nuts/nats';
import { REQUESTS_OPTIONS, type RequestsOptions } from '../requests.options.js';
import { hasOwnGuard, SERVICE_GUARDS, type ServiceGuard } from '../answer/service-guards.js';
import { Service } from './service.js';
import { ServiceOptionsError, serviceIssues } from './service-issues.js';

/** A service and the rest of the request's path. */
export interface ServiceMatch {
  readonly service: Service;
  readonly rest: string;
}

/** The services of one application. Services with the same NATS system share its connection. */
@Injectable()
export class ServiceRegistry implements OnModuleInit, BeforeApplicationShutdown {
  private readonly logger = new Logger(ServiceRegistry.name);
  private readonly all: readonly Service[];

  constructor(
    @Inject(REQUESTS_OPTIONS) private readonly options: RequestsOptions,
    @Inject(SERVICE_GUARDS) private readonly guards: readonly ServiceGuard[],
    private readonly application: ApplicationConfig,
    clients: NatsClients,
    @Optional() @Inject(NUTS_METRICS) metrics: NutsMetrics = new NoopMetrics(),
  ) {
    const counted = new SafeMetrics(metrics, (method, error) =>
      this.logger.error({
        msg: 'the metrics failed; further failures are not told',
        method,
        error,
      }),
    );
    this.all = options.services.map(
      (service) => new Service(service, clients.get(service.nats), counted.service(service.name)),
    );
  }

  /** @throws ServiceOptionsError with all errors; the application does not start */
  onModuleInit(): void {
    const { application, guards, options } = this;
    const global = [...application.getGlobalGuards(), ...application.getGlobalRequestGuards()];
    const issues = [
      ...serviceIssues(options.services, global.length > 0 || hasOwnGuard(guards)),
      ...options.services.flatMap(({ path, access }) =>
        access !== undefined && guards.length + global.length === 0
          ? [`${path}: access is set, but no guard would check tokens; add NutsAuthGuard`]
          : [],
      ),
    ];
    if (issues.length > 0) throw new ServiceOptionsError(issues);
  }

  /**
   * Ends all open requests of one client, for example after a logout or for a revoked token: streams with a
   * `failed` event, others with `401`.
   *
   * @param subject the token's `sub`, or the subject that your own guard set
   * @returns the number of requests ended in this process
   */
  closeRequestsOf(subject: string): number {
    return this.all.reduce((closed, service) => closed + service.endOf(subject), 0);
  }

  services(): readonly Service[] {
    return this.all;
  }

  /** The service with this name or path. */
  find(name: string): Service | undefined {
    return (
      this.all.find(({ options }) => options.name === name) ??
      this.all.find(({ options }) => options.path === name)
    );
  }

  /** The service for a pathname: its exact path or anything below it; the longest path wins. */
  byPath(pathname: string): ServiceMatch | undefined {
    let best: ServiceMatch | undefined;
    let longest = 0;
    for (const service of this.all) {
      const { path } = service.options;
      if (path.length <= longest || !pathname.startsWith(path)) continue;
      const rest = pathname.slice(path.length);
      if (rest !== '' && !rest.startsWith('/')) continue;
      best = { service, rest };
      longest = path.length;
    }
    return best;
  }

  /** Refuses new requests with a retryable `503`. Open requests continue. */
  drain(): void {
    for (const service of this.all) service.drain();
  }

  /** Resolves when no request is open. */
  async whenIdle(): Promise<void> {
    await Promise.all(this.all.map((service) => service.whenIdle()));
  }

  /** Ends open requests: streams with a `failed` event, others with `503`. */
  end(): void {
    for (const service of this.all) service.end();
  }

  beforeApplicationShutdown(): void {
    this.end();
  }
}
