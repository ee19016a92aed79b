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
 * Tells clients of a company's API where the hubs are: `Link: <hub_url>; rel="nuts"` on every answer
 * of the routes that it is bound to, for all hubs of the application. A hub without a `hub_url` is
 * named by its path. Bind it with `@UseInterceptors`, or as `APP_INTERCEPTOR` for the whole
 * application; `@HubLink` names single hubs.
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

  /** @throws Error when a hub that is named does not exist; the application does not start. */
  onModuleInit(): void {
    const hubs = this.directory.hubs().map(({ options }) => options);
    const prefix = this.application.getGlobalPrefix();
    const chosen = this.wanted.map((wanted) => {
      const hub = hubs.find(({ name, path }) => name === wanted || path === wanted);
      if (hub !== undefined) return hub;
      const known = hubs.map(({ path }) => path).join(', ');
      throw new Error(`@HubLink('${wanted}'): there is no such hub; there are ${known || 'none'}.`);
    });
    this.links = (chosen.length > 0 ? chosen : hubs).map((hub) => hubLink(hub, prefix));
  }

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    if (context.getType() === 'http') {
      const http = context.switchToHttp();
      // A stream bears the link of its own hub already.
      if (requestedHub(http.getRequest<object>()) === undefined) {
        this.append(http.getResponse<ServerResponse>());
      }
    }
    return next.handle();
  }

  /** Keeps links of others, and adds none that is there: class and method may both be decorated. */
  private append(response: ServerResponse): void {
    const adapter = this.http.httpAdapter;
    const present = [adapter.getHeader?.(response, 'Link') as string | string[] | undefined].flat();
    for (const link of this.links) {
      if (!present.includes(link)) adapter.appendHeader?.(response, 'Link', link);
    }
  }
}

/** An interceptor for some hubs, with a class of its own so that Nest makes one for each choice. */
export function hubLinkInterceptor(wanted: readonly string[]): Type<HubLinkInterceptor> {
  @Injectable()
  class NamedHubLinkInterceptor extends HubLinkInterceptor {
    protected override readonly wanted = wanted;
  }
  return mixin(NamedHubLinkInterceptor);
}
