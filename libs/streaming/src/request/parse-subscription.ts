import type { IncomingMessage } from 'node:http';
import type { RequestedSubscription } from '@nuts/auth';
import type { HubOptions } from '../hub/hub-options.interface.js';
import { chooseCursor } from '../topics/cursor.js';
import { parseStart } from '../topics/start.js';
import { parseTopics } from '../topics/requested-topics.js';
import { TOPIC_ERRORS } from './requested-topics-of.js';

/** The subscription of a request, or the message of its `400`. */
export type ParsedSubscription =
  | {
      readonly subscription: RequestedSubscription;
      /** A malformed `Last-Event-ID` that was ignored; for the log. */
      readonly ignoredHeader?: string;
    }
  | { readonly error: string };

const INVALID_CURSOR =
  'Invalid last-id value: must be an unsigned integer below the maximum cursor value, or N-<unix ns>';

const INVALID_START =
  'Invalid start: must be live, all, last, last:N (N from 1 to 10000), an ISO 8601 duration such as PT5M, or an RFC 3339 time';

/** Parses the topics and cursor of a request to a hub (contract §2). Pure. */
export function parseSubscription(
  hub: HubOptions,
  rest: string,
  search: string,
  request: Pick<IncomingMessage, 'headersDistinct'>,
): ParsedSubscription {
  // Express's parser drops parameters after the thousandth and treats some names as arrays.
  const query = new URLSearchParams(search);
  const asked = parseTopics(query.getAll('topic'), rest, hub);
  if ('error' in asked) return { error: TOPIC_ERRORS[asked.error] };
  const chosen = chooseCursor({
    query: query.getAll('last-id'),
    header: request.headersDistinct['last-event-id'] ?? [],
  });
  if ('error' in chosen) return { error: INVALID_CURSOR };
  const startText = query.get('start') ?? '';
  const start = startText === '' ? hub.defaultStart : parseStart(startText);
  if (startText !== '' && start === undefined) return { error: INVALID_START };
  const subscription: RequestedSubscription = {
    hub: { name: hub.name, path: hub.path },
    topics: asked.topics,
    ...(chosen.cursor && { cursor: chosen.cursor }),
    ...(start && { start }),
    ...(hub.access && { access: hub.access }),
  };
  return chosen.ignoredHeader === undefined
    ? { subscription }
    : { subscription, ignoredHeader: chosen.ignoredHeader };
}
