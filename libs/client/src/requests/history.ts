import type { HubAddress } from '../hub/hub-address.js';
import type { Message } from '../subscription/message.interface.js';
import type { HubRequests } from './hub-requests.js';

/** Options for a page of history (contract §9). */
export interface HistoryOptions {
  /** Where the history starts: `all`, `last`, `last:N`, a duration, or a time. */
  readonly start?: string;
  /** The `position` of the previous page; it wins over `start`. */
  readonly cursor?: string;
  /** Maximum number of messages. Default 100, for `last` 1000. */
  readonly limit?: number;
  readonly signal?: AbortSignal;
}

/** A message of the page that could not be delivered. */
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
  /** The cursor of the next page, or of a stream that continues from here. */
  readonly position: string;
  /** Whether the next page has messages. */
  readonly more: boolean;
}

/** Fetches one page. Rejects with a `HubError`. */
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
