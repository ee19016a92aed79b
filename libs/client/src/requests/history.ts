import type { HubAddress } from '../hub/hub-address.js';
import type { Message } from '../subscription/message.interface.js';
import type { HubRequests } from './hub-requests.js';

/** Which page of history is asked for (contract §9). */
export interface HistoryOptions {
  /** Where the history begins: `all`, `last`, `last:N`, a duration, a time. */
  readonly start?: string;
  /** The `position` of the page before; it wins over `start`. */
  readonly cursor?: string;
  /** The most messages of the page. Default 100, for `last` 1000. */
  readonly limit?: number;
  readonly signal?: AbortSignal;
}

/** A message that could not be delivered, in a page. */
export interface HistoryGap {
  readonly id: string;
  readonly topic: string;
  readonly gap: string;
  readonly size?: number;
}

/** A page of history (contract §9). */
export interface HistoryPage<Payload = unknown> {
  readonly topics: readonly string[];
  readonly recovery: string;
  readonly reason?: string;
  readonly messages: readonly (Message<Payload> | HistoryGap)[];
  /** The cursor of the next page, and of a stream that goes on from here. */
  readonly position: string;
  /** Whether the next page would have messages. */
  readonly more: boolean;
}

/** Gets one page. Rejects with a `HubError`. */
export async function fetchHistory<Payload>(
  address: HubAddress,
  requests: HubRequests,
  topics: readonly string[],
  { start, cursor, limit, signal }: HistoryOptions,
): Promise<HistoryPage<Payload>> {
  const url = address.with({ topic: topics, 'last-id': cursor, start, limit });
  const request = { headers: { accept: 'application/json' }, signal };
  const page = await requests.json<HistoryPage<Payload>>(url, request);
  const messages = page.messages.map((each) =>
    'gap' in each ? each : { ...each, event: each.event ?? 'message' },
  );
  return { ...page, messages };
}
