import type { HubMatch, StreamHub } from '../hub/stream-request.interface.js';

/**
 * The hub for a pathname: its exact path or anything below it; the longest path wins. Matched as sent,
 * including case and percent-encoding (contract §2).
 */
export function matchHub<H extends StreamHub>(
  hubs: Iterable<H>,
  pathname: string,
): HubMatch<H> | undefined {
  let best: HubMatch<H> | undefined;
  let longest = -1;
  for (const hub of hubs) {
    const base = hub.options.path === '/' ? '' : hub.options.path;
    if (base.length <= longest || !pathname.startsWith(base)) {
      continue;
    }
    const rest = pathname.slice(base.length);
    if (rest === '' || rest.startsWith('/')) {
      best = { hub, rest };
      longest = base.length;
    }
  }
  return best;
}
