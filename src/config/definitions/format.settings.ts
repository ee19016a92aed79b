import { hubUrl } from '../kinds/address.kind.js';
import { eventType, NATS_HEADER } from '../kinds/event-type.kind.js';
import { numberKind } from '../kinds/number.kind.js';
import { boolean, choice, text } from '../kinds/text.kind.js';
import { setting } from '../setting.interface.js';

const MIB = 1024 * 1024;

/** What goes over the wire. */
export const FORMAT_SETTINGS = {
  topic_prefix: setting({
    kind: text({
      allowed: 'letters, digits and ._-; no dot at the beginning, no two dots; 256 bytes at most',
      pattern: /^(?!\.)(?!.*\.\.)[A-Za-z0-9._-]*$/,
      maxBytes: 256,
    }),
    exclusive: { group: 'source', way: 'stream_name' },
    default: '',
    doc: 'Put before each topic to get the NATS subject: `events.`',
  }),
  allow_wildcards: setting({
    kind: boolean,
    default: 'false',
    doc: 'Topics may hold `*` and `>`, then with at most 32 tokens; the filters of a token still bound them.',
  }),
  event_type: setting({
    kind: eventType,
    default: 'message',
    doc: "Names of events: `message`, the topic, or a NATS header's value.",
  }),
  event_type_header: setting({
    kind: text({ allowed: 'the name of a NATS header', pattern: NATS_HEADER }),
    doc: 'The header of `event_type: header`. Names are case-sensitive.',
  }),
  payload_format: setting({
    kind: choice(['envelope', 'raw']),
    default: 'envelope',
    doc: 'Topic, payload and time as JSON, or the payload itself.',
  }),
  event_id_format: setting({
    kind: choice(['sequence', 'sequence_time']),
    default: 'sequence',
    doc: 'Ids of events. With the time, a cursor of another stream is noticed.',
  }),
  max_event_size: setting({
    kind: numberKind<number | undefined>({
      unit: 'bytes',
      special: { 0: { means: `the default, ${MIB}`, value: MIB } },
      negative: { means: 'no limit', value: undefined },
    }),
    default: String(MIB),
    doc: 'Largest frame. A larger one is announced by a gap event.',
  }),
  gap_events: setting({
    kind: boolean,
    default: 'true',
    doc: 'Announce messages that cannot be delivered.',
  }),
  trace_context: setting({
    kind: boolean,
    default: 'false',
    doc: "A message's `traceparent` header goes into the envelope as `trace`; that of a publish request into its message.",
  }),
  sse_retry: setting({
    kind: numberKind<undefined>({
      unit: 'milliseconds',
      max: 3_600_000,
      special: { 0: { means: 'none', value: undefined } },
    }),
    default: '0',
    doc: 'The `retry:` of the connected event.',
  }),
  transient_retry: setting({
    kind: numberKind<number>({
      unit: 'seconds',
      max: 3600,
      special: { 0: { means: 'the default, 5', value: 5000 } },
    }),
    default: '5',
    doc: 'When a client that was turned away for the moment comes back (±50 %).',
  }),
  compression: setting({
    kind: choice(['off', 'gzip']),
    default: 'off',
    doc: 'Compress streams for clients that take gzip, once for all who get the same.',
  }),
  hub_url: setting({
    kind: hubUrl,
    doc: 'Public address of the hub, sent as `Link: <…>; rel="nuts"`.',
  }),
};
