import { hubUrl } from '../kinds/address.kind.js';
import { eventType, NATS_HEADER } from '../kinds/event-type.kind.js';
import { numberKind } from '../kinds/number.kind.js';
import { boolean, choice, text } from '../kinds/text.kind.js';
import { setting } from '../setting.interface.js';

const MIB = 1024 * 1024;

/** The format of frames. */
export const FORMAT_SETTINGS = {
  topic_prefix: setting({
    kind: text({
      allowed: 'letters, digits and ._-; no dot at the beginning, no two dots; 256 bytes at most',
      pattern: /^(?!\.)(?!.*\.\.)[A-Za-z0-9._-]*$/,
      maxBytes: 256,
    }),
    exclusive: { group: 'source', way: 'stream_name' },
    default: '',
    doc: 'Prefix of the NATS subject of each topic: `events.`',
  }),
  allow_wildcards: setting({
    kind: boolean,
    default: 'false',
    doc: 'Topics may contain `*` and `>`, and then at most 32 tokens. The filters of a JWT still limit them.',
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
    doc: 'IDs of events. With the time, a cursor of another stream is detected.',
  }),
  max_event_size: setting({
    kind: numberKind<number | undefined>({
      unit: 'bytes',
      special: { 0: { means: `the default, ${MIB}`, value: MIB } },
      negative: { means: 'no limit', value: undefined },
    }),
    default: String(MIB),
    doc: 'Largest frame. A larger one is replaced by a gap event.',
  }),
  gap_events: setting({
    kind: boolean,
    default: 'true',
    doc: 'Send a gap event for a message that cannot be delivered.',
  }),
  trace_context: setting({
    kind: boolean,
    default: 'false',
    doc: "The envelope contains a message's `traceparent` header as `trace`; a published message gets that of its request.",
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
    doc: 'Time until a client reconnects after a transient refusal (±50 %).',
  }),
  compression: setting({
    kind: choice(['off', 'gzip']),
    default: 'off',
    doc: 'Compress streams for clients that accept gzip, once for all clients with the same topics.',
  }),
  hub_url: setting({
    kind: hubUrl,
    doc: 'Public address of the hub, sent as `Link: <…>; rel="nuts"`.',
  }),
};
