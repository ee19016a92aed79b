import {
  type CallHandler,
  type ExecutionContext,
  Inject,
  Injectable,
  mixin,
  type NestInterceptor,
  type OnModuleInit,
  type Type,
} from '@nestjs/common';
import { ApplicationConfig, HttpAdapterHost } from '@nestjs/core';
import type { ServerResponse } from 'node:http';
import type { Observable } from 'rxjs';
import { HUB_DIRECTORY, type HubDirectory } from '../hub/stream-request.interface.js';
import { requestedHub } from '../request/hub-request.js';
import { hubLink } from './hub-link.js';

/**
 * Adds `Link: <hub_url>; rel="nuts"` to every answer of the routes that it is bound to, for all hubs of the
 * application. A hub without a `hub_url` is listed by its path. Bind it with `@UseInterceptors`, or as
 * `APP_INTERCEPTOR` for the whole application; use `@HubLink` for single hubs.
 */
@Injectable()
export class HubLinkInterceptor implements NestInterceptor, OnModuleInit {
  /** Names or paths of the hubs; empty = all. */
  protected readonly wanted: readonly string[] = [];
  private links: readonly string[] = [];

  constructor(
    @Inject(HUB_DIRECTORY) private readonly directory: HubDirectory,
    private readonly application: ApplicationConfig,
    private readonly http: HttpAdapterHost,
  ) {}

  /** @throws Error if a named hub does not exist; the application does not start. */
  onModuleInit(): void {
    const hubs = this.directory.hubs().map(({ options }) => options);
    const prefix = this.application.getGlobalPrefix();
    const chosen = this.wanted.map((wanted) => {
      const hub = hubs.find(({ name, path }) => name === wanted || path === wanted);
      if (hub !== undefined) return hub;
      const known = hubs.map(({ path }) => path).join(', ');
      throw new Error(`@HubLink('${wanted}'): unknown hub. Known hubs: ${known || 'none'}.`);
    });
    this.links = (chosen.length > 0 ? chosen : hubs).map((hub) => hubLink(hub, prefix));
  }

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    if (context.getType() === 'http') {
      const http = context.switchToHttp();
      // A stream already has the link of its own hub.
      if (requestedHub(http.getRequest<object>()) === undefined) {
        this.append(http.getResponse<ServerResponse>());
      }
    }
    return next.handle();
  }

  /** Keeps existing links and adds only missing ones: class and method may both be decorated. */
  private append(response: ServerResponse): void {
    const adapter = this.http.httpAdapter;
    const present = [adapter.getHeader?.(response, 'Link') as string | string[] | undefined].flat();
    for (const link of this.links) {
      if (!present.includes(link)) adapter.appendHeader?.(response, 'Link', link);
    }
  }
}

/** An interceptor class for some hubs; a separate class, so that Nest creates one instance per selection. */
export function hubLinkInterceptor(wanted: readonly string[]): Type<HubLinkInterceptor> {
  @Injectable()
  class NamedHubLinkInterceptor extends HubLinkInterceptor {
    protected override readonly wanted = wanted;
  }
  return mixin(NamedHubLinkInterceptor);
}
