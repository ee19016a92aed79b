import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import type { Request, Response } from 'express';
import { HubOptionsError } from '../hub/hub-options.error.js';
import {
  HUB_DIRECTORY,
  type HubDirectory,
  type HubMatch,
} from '../hub/stream-request.interface.js';

/** A route that another library serves below the paths of hubs. */
export interface HubRoute {
  /** The methods that it serves for this target; none = not its target. */
  methodsOf(match: HubMatch): readonly string[];
  /**
   * Prepares the request for the route's guards.
   *
   * @param search the query, including the question mark
   * @returns the controller's internal path, which external requests cannot contain
   * @throws HttpException for an invalid request
   */
  accept(match: HubMatch, search: string, request: Request, response: Response): string;
}

/** Where other libraries register routes below hubs, during module initialization. */
@Injectable()
export class HubRoutes implements OnModuleInit {
  private readonly routes: HubRoute[] = [];

  constructor(@Inject(HUB_DIRECTORY) private readonly hubs: HubDirectory) {}

  /** @throws HubOptionsError if a hub has `publish` but no route serves it */
  onModuleInit(): void {
    const unserved = this.hubs.hubs().filter((hub) => {
      return hub.options.publish !== undefined && this.methodsOf({ hub, rest: '' }).length === 0;
    });
    if (unserved.length === 0) return;
    throw new HubOptionsError(
      unserved.map(
        ({ options }) =>
          `${options.path}: publish is set, but no module serves it; import PublishingModule from @nuts/publishing`,
      ),
    );
  }

  add(route: HubRoute): void {
    this.routes.push(route);
  }

  /** The methods of all registered routes for a target. */
  methodsOf(match: HubMatch): string[] {
    return this.routes.flatMap((route) => route.methodsOf(match));
  }

  find(match: HubMatch, method: string): HubRoute | undefined {
    return this.routes.find((route) => route.methodsOf(match).includes(method));
  }
}
