import type { IncomingMessage } from 'node:http';
import { Inject, Injectable, Logger, type OnModuleInit, Optional } from '@nestjs/common';
import { ApplicationConfig, HttpAdapterHost } from '@nestjs/core';
import { setRequestedAccess } from '@nuts/auth';
import { NoopMetrics, NUTS_METRICS, type NutsMetrics, SafeMetrics } from '@nuts/metrics';
import {
  HUB_DIRECTORY,
  HUB_GUARDS,
  type HubDirectory,
  type HubGuard,
  type HubMatch,
  HubOptionsError,
  type HubRoute,
  HubRoutes,
  HubTargets,
  requestedTopics,
  type StreamHub,
  writingMethods,
} from '@nuts/streaming';
import { restoreBody, setWriteRules, bypassBodyParsers } from '@nuts/writing';
import type { Request, Response } from 'express';
import { PublishRecord } from './publish-record.js';
import { PUBLISH_ROUTE } from './publish-route.js';

/** Exactly one topic, without wildcards. */
const ONE_TOPIC = { allowWildcards: false, maxTopics: 1 };

/** Handles write requests from the hubs' middleware, for hubs with `publish` in their options. */
@Injectable()
export class PublishingRoutes implements HubRoute, OnModuleInit {
  private readonly logger = new Logger(PublishingRoutes.name);
  private readonly metrics: NutsMetrics;

  constructor(
    @Inject(HUB_DIRECTORY) private readonly hubs: HubDirectory,
    @Inject(HUB_GUARDS) private readonly guards: readonly HubGuard[],
    private readonly targets: HubTargets,
    private readonly application: ApplicationConfig,
    routes: HubRoutes,
    host: HttpAdapterHost,
    @Optional() @Inject(NUTS_METRICS) metrics: NutsMetrics = new NoopMetrics(),
  ) {
    this.metrics = new SafeMetrics(metrics, (method, error) =>
      this.logger.error({
        msg: 'the metrics failed; further failures are not told',
        method,
        error,
      }),
    );
    routes.add(this);
    if (this.publishing.length > 0) bypassBodyParsers(host, (request) => this.writes(request));
  }

  /** @throws HubOptionsError for a hub without a guard */
  onModuleInit(): void {
    const unguarded = this.publishing.filter(
      ({ options: { access, publish } }) =>
        access === undefined && this.guards.length === 0 && publish?.anonymous !== true,
    );
    if (unguarded.length === 0) return;
    throw new HubOptionsError(
      unguarded.map(
        ({ options }) =>
          `${options.path}: publish is set without access or a guard; set publish.anonymous to allow everyone to publish`,
      ),
    );
  }

  methodsOf({ hub }: HubMatch): readonly string[] {
    return writingMethods(hub.options);
  }

  accept({ hub, rest }: HubMatch, search: string, request: Request, response: Response): string {
    restoreBody(request);
    const { name, path, access, publish, cors } = hub.options;
    PublishRecord.begin(request, response, this.metrics.hub(name));
    const topics = requestedTopics(rest, search, { ...ONE_TOPIC, kvBucket: hub.options.kvBucket });
    setRequestedAccess(request, {
      action: 'publish',
      hub: { name, path },
      topics,
      ...(access && { access }),
    });
    setWriteRules(request, {
      target: name,
      anonymous: publish?.anonymous === true && access === undefined,
      origins: cors.origins,
      maxBytes: publish?.maxBytes ?? 0,
      ...(publish?.rate !== undefined && { rate: publish.rate }),
    });
    return PUBLISH_ROUTE;
  }

  private get publishing(): readonly StreamHub[] {
    return this.hubs.hubs().filter(({ options }) => options.publish !== undefined);
  }

  /** Whether the hubs' middleware will pass this request on; called before it runs. */
  private writes({ method, url }: IncomingMessage): boolean {
    // Most requests open streams and need no lookup of the hub.
    if (method === undefined || method === 'GET') return false;
    const match = this.targets.match(this.withoutPrefix(url ?? ''));
    return match !== undefined && this.methodsOf(match).includes(method);
  }

  private withoutPrefix(url: string): string {
    const path = url.replace(/^https?:\/\/[^/?]*/i, '').replace(/\?.*/s, '');
    const prefix = this.application.getGlobalPrefix().replace(/^\/+|\/+$/g, '');
    return prefix !== '' && path.startsWith(`/${prefix}/`) ? path.slice(prefix.length + 1) : path;
  }
}
