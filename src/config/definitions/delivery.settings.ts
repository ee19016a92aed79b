import {
  amount,
  limit,
  MAX_TIMER_SECONDS,
  numberKind,
  optionalSeconds,
  seconds,
} from '../kinds/number.kind.js';
import { start } from '../kinds/start.kind.js';
import { boolean } from '../kinds/text.kind.js';
import { setting } from '../setting.interface.js';

/** Leaves room for the jitter of 10 % below the longest timer. */
const MAX_AGE_SECONDS = 1_900_000;
const MAX_WINDOW_SECONDS = 3_153_600_000;

/** Limits and timing of streams. */
export const DELIVERY_SETTINGS = {
  heartbeat_interval: setting({
    ...seconds(30),
    doc: 'Time without a frame after which a heartbeat is sent.',
  }),
  max_connections: setting({ ...limit(), doc: 'Open streams.' }),
  max_connections_per_client: setting({
    ...limit(),
    doc: 'Open streams of one token subject, or of one address without a token (with IPv6: one /64).',
  }),
  max_topics_per_subscription: setting({
    kind: numberKind<number | undefined>({
      unit: 'count',
      special: {
        0: { means: 'the default, 32', value: 32 },
        '-1': { means: 'no limit', value: undefined },
      },
    }),
    default: '32',
    doc: 'Distinct topics of one request.',
  }),
  client_buffer_size: setting({
    ...amount('count', 64),
    doc: 'Frames on their way to one client.',
  }),
  write_timeout: setting({
    kind: numberKind<number | undefined>({
      unit: 'seconds',
      max: MAX_TIMER_SECONDS,
      special: {
        0: { means: 'the default, 30', value: 30_000 },
        '-1': { means: 'off', value: undefined },
      },
    }),
    default: '30',
    doc: 'Time without progress after which a client is disconnected; it can resume.',
  }),
  replay_max_messages: setting({
    ...limit(),
    doc: 'Historical messages after which a stream ends; the client reconnects for more.',
  }),
  replay_window: setting({
    ...optionalSeconds(MAX_WINDOW_SECONDS),
    doc: 'Maximum age of history. Live messages are not limited.',
  }),
  default_start: setting({
    kind: start,
    doc: 'Where a stream starts when the request has neither a cursor nor a `start`; unset `live`, over a bucket `last`.',
  }),
  window_max_messages: setting({
    ...amount('count', 8192),
    doc: 'Newest messages to keep in memory.',
  }),
  window_max_bytes: setting({
    ...amount('bytes', 64 * 1024 * 1024),
    doc: 'Their maximum size in memory.',
  }),
  last_values_max_messages: setting({
    kind: numberKind({ unit: 'count', special: { 0: { means: 'none', value: 0 } } }),
    default: '10000',
    doc: 'Last values to keep in memory beyond the window, for `start=last`.',
  }),
  last_values_max_bytes: setting({
    kind: numberKind({ unit: 'bytes', special: { 0: { means: 'none', value: 0 } } }),
    default: String(16 * 1024 * 1024),
    doc: 'Their maximum size in memory.',
  }),
  max_connection_age: setting({
    ...optionalSeconds(MAX_AGE_SECONDS),
    doc: 'Time after which a stream ends (±10 %); its client reconnects, perhaps to another instance.',
  }),
  drain_delay: setting({
    kind: numberKind({ unit: 'seconds', max: MAX_TIMER_SECONDS }),
    default: '0',
    doc: 'On SIGTERM: the time between becoming unready and closing the first stream.',
  }),
  drain_window: setting({
    ...seconds(5),
    doc: 'On SIGTERM: the time over which the closing of streams is spread.',
  }),
  dispatch_timeout: setting({
    kind: numberKind({ unit: 'seconds' }),
    doc: 'Accepted for old configurations with a warning, without effect.',
  }),
  shared_subscriptions: setting({
    kind: boolean,
    doc: 'Accepted for old configurations with a warning: always on.',
  }),
};
