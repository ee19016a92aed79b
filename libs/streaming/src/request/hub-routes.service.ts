import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import type { Request, Response } from 'express';
import { HubOptionsError } from '../hub/hub-options.error.js';
import {
  HUB_DIRECTORY,
  type HubDirectory,
  type HubMatch,
} from '../hub/stream-request.interface.js';

/** What another library serves at the paths of hubs, beside streams and probes. */
export interface HubRoute {
  /** The methods that it answers at this target; none = the target is not its own. */
  methodsOf(match: HubMatch): readonly string[];
  /**
   * Puts on the request what its guards need.
   *
   * @param search the query, question mark included
   * @returns the path of the controller, which no request from outside can name
   * @throws HttpException for a request that cannot be understood
   */
  accept(match: HubMatch, search: string, request: Request, response: Response): string;
}

/** Where libraries add their routes below hubs, when the application is made. */
@Injectable()
export class HubRoutes implements OnModuleInit {
  private readonly routes: HubRoute[] = [];

  constructor(@Inject(HUB_DIRECTORY) private readonly hubs: HubDirectory) {}

  /** @throws HubOptionsError for a hub with `publish` while nothing serves that */
  onModuleInit(): void {
    const unserved = this.hubs.hubs().filter((hub) => {
      return hub.options.publish !== undefined && this.methodsOf({ hub, rest: '' }).length === 0;
    });
    if (unserved.length === 0) return;
    throw new HubOptionsError(
      unserved.map(
        ({ options }) =>
          `${options.path}: publish is set, and nothing serves it; import PublishingModule of @nuts/publishing`,
      ),
    );
  }

  add(route: HubRoute): void {
    this.routes.push(route);
  }

  /** All methods of added routes at a target. */
  methodsOf(match: HubMatch): string[] {
    return this.routes.flatMap((route) => route.methodsOf(match));
  }

  find(match: HubMatch, method: string): HubRoute | undefined {
    return this.routes.find((route) => route.methodsOf(match).includes(method));
  }
}
