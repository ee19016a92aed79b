import { Inject, Injectable, Optional } from '@nestjs/common';
import {
  HUB_DIRECTORY,
  type HubDirectory,
  type HubMatch,
} from '../hub/stream-request.interface.js';
import { isInternalRoute } from './stream-route.js';
import { STREAMING_OPTIONS, type StreamingOptions } from '../streaming.options.js';

/** Finds the hub for a path, except for paths that the application excludes. */
@Injectable()
export class HubTargets {
  private readonly excluded: ReadonlySet<string>;
  private readonly excludedBelow: readonly string[];

  constructor(
    @Inject(HUB_DIRECTORY) private readonly hubs: HubDirectory,
    @Optional() @Inject(STREAMING_OPTIONS) options?: StreamingOptions,
  ) {
    this.excluded = new Set(options?.exclude?.map((path) => path.toLowerCase()));
    this.excludedBelow = options?.excludeBelow ?? [];
  }

  /** @param pathname without a global prefix, percent-encoded as sent */
  match(pathname: string): HubMatch | undefined {
    return this.isExcluded(pathname) ? undefined : this.hubs.byPath(pathname);
  }

  private isExcluded(pathname: string): boolean {
    if (isInternalRoute(pathname)) return true;
    if (this.excludedBelow.some((path) => isAtOrBelow(pathname, path))) return true;
    return this.excluded.size > 0 && this.excluded.has(pathname.replace(/\/$/, '').toLowerCase());
  }
}

function isAtOrBelow(pathname: string, path: string): boolean {
  return (
    pathname.startsWith(path) && (pathname.length === path.length || pathname[path.length] === '/')
  );
}
