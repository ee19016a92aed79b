import { Inject, Injectable, Optional, ServiceUnavailableException } from '@nestjs/common';
import {
  type HealthCheckResult,
  HealthCheckService,
  type HealthIndicatorFunction,
} from '@nestjs/terminus';
import { NoopMetrics, NUTS_METRICS, type NutsMetrics } from '@nuts/metrics';
import { type HubHealth, type HubHealthSource, InjectHubHealth } from './hub-health.interface.js';
import { NatsIndicator } from './nats.indicator.js';
import { causeOf, toleratesOutage, summaryBody } from './probe-body.js';
import type { ProbeAnswer, ProbeQuery, ProbeView } from './probe.interface.js';
import { StreamIndicator } from './stream.indicator.js';

/** Answers the probes (contract §8) from memory, so that they work even if NATS is frozen. */
@Injectable()
export class HealthService {
  private readonly metrics: NutsMetrics;

  constructor(
    private readonly terminus: HealthCheckService,
    private readonly nats: NatsIndicator,
    private readonly stream: StreamIndicator,
    @InjectHubHealth() private readonly source: HubHealthSource,
    @Optional() @Inject(NUTS_METRICS) metrics?: NutsMetrics,
  ) {
    this.metrics = metrics ?? new NoopMetrics();
  }

  /** Liveness: the process answers. Never depends on NATS, and stays true during a drain. */
  async live(): Promise<ProbeAnswer> {
    const { info, error, details } = await this.evaluate([]);
    return { status: 200, body: { status: 'ok', info, error, details } };
  }

  /**
   * Readiness: delivery works, for one hub or for all. A failing probe counts once in
   * `nuts_readiness_failures_total`, under its first cause. Probes with `outage=ready` count too: they may
   * be the only ones, and alerts use this counter.
   *
   * @param hubName the hub's name; undefined = all hubs of the process
   * @param query the request's query: with `outage=ready`, a hub stays ready during an outage of NATS
   * @param view what the client may see
   */
  async ready(
    hubName?: string,
    query: ProbeQuery = {},
    view: ProbeView = {},
  ): Promise<ProbeAnswer> {
    const hubs = this.select(hubName, view);
    const throughOutage = query.outage === 'ready';
    const result = await this.evaluate(
      hubs.flatMap((hub) => this.indicatorsOf(hub, hubs.length > 1, throughOutage)),
    );
    const { info, error, details } = result;
    const works = hubs.length > 0 && (result.status === 'ok' || result.status === 'degraded');
    this.count(hubs);
    return {
      status: works ? 200 : 503,
      body: { ...summaryBody(hubs), ...(!works && { status: 'degraded' }), info, error, details },
    };
  }

  /** Same as `ready`, under the original's older name. */
  health(hubName?: string, query: ProbeQuery = {}, view: ProbeView = {}): Promise<ProbeAnswer> {
    return this.ready(hubName, query, view);
  }

  private select(hubName: string | undefined, { details = true }: ProbeView): readonly HubHealth[] {
    const all = this.source.hubs();
    const hubs = hubName === undefined ? all : all.filter((hub) => hub.name === hubName);
    if (details) return hubs;
    return hubs.map((hub) => ({ ...hub, probes: { ...hub.probes, details: false } }));
  }

  private indicatorsOf(
    hub: HubHealth,
    several: boolean,
    throughOutage: boolean,
  ): HealthIndicatorFunction[] {
    const key = (name: string): string => (several ? `${name} ${hub.name}` : name);
    const tolerated = throughOutage && toleratesOutage(hub);
    return [
      () => this.nats.check(key('nats'), hub, tolerated),
      () => this.stream.check(key('stream'), hub, tolerated),
    ];
  }

  private count(hubs: readonly HubHealth[]): void {
    const cause = causeOf(hubs);
    if (cause && cause !== 'starting' && cause !== 'draining') this.metrics.readinessFailed(cause);
  }

  /** Terminus throws its result if an indicator is down, or if Nest is shutting down. */
  private async evaluate(indicators: HealthIndicatorFunction[]): Promise<HealthCheckResult> {
    try {
      return await this.terminus.check(indicators);
    } catch (error) {
      if (!(error instanceof ServiceUnavailableException)) throw error;
      return error.getResponse() as HealthCheckResult;
    }
  }
}
