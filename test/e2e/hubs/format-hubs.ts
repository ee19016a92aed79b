import { headers as natsHeaders } from 'nats';
import type { NutsServer } from '../../../src/server/nuts-server.js';
import { startNats } from '../../support/nats/index.js';
import { RawSse, type RawSseOptions } from '../../support/raw-sse.js';
import type { StreamAdmin } from '../nats/stream-admin.js';
import { connectAdmin, SettingsFolder, startHubs } from './hubs-app.js';

/** One stream and prefix, with one hub per message format. */
const HUBS = `
stream_name: EVENTS
topic_prefix: events.
hubs:
  - path: /plain
  - path: /by-topic
    event_type: topic
  - path: /by-header
    event_type: header Kind
  - path: /raw
    payload_format: raw
  - path: /raw-silent
    payload_format: raw
    gap_events: false
  - path: /timed
    event_id_format: sequence_time
  - path: /timed-small
    event_id_format: sequence_time
    max_event_size: 400
    heartbeat_interval: 1
  - path: /timed-empty
    event_id_format: sequence_time
    stream_name: EMPTY
    topic_prefix: empty.
  - path: /retrying
    sse_retry: 2500
    transient_retry: 2
    max_connections: 1
  - path: /linked
    hub_url: https://hubs.example.com/events
  - path: /small
    max_event_size: 400
  - path: /small-silent
    max_event_size: 400
    gap_events: false
  - path: /wild
    allow_wildcards: true
`;

/** The running hubs with their own nats-server. Stopped at the end of the test file. */
export class FormatHubs {
  private constructor(
    readonly admin: StreamAdmin,
    private readonly app: NutsServer,
  ) {}

  static async start(): Promise<FormatHubs> {
    const nats = await startNats();
    const admin = await connectAdmin({ servers: nats.url });
    await admin.createStream({ name: 'EVENTS', allow_direct: true });
    await admin.createStream({ name: 'EMPTY' });
    const file = new SettingsFolder().write('hubs.yaml', `nats_url: ${nats.url}\n${HUBS}`);
    return new FormatHubs(admin, await startHubs(file));
  }

  get url(): string {
    return this.app.url;
  }

  open(path: string, options?: RawSseOptions): Promise<RawSse> {
    return RawSse.open(this.url + path, options);
  }

  /** Streams that have received their first frame: they receive everything published from now on. */
  async listen(...paths: string[]): Promise<RawSse[]> {
    const streams = await Promise.all(paths.map((path) => this.open(path)));
    await Promise.all(streams.map((stream) => stream.waitForEvents(1)));
    return streams;
  }

  /** Publishes to `events.<topic>`, and resolves to the sequence. */
  async publish(
    topic: string,
    data: string | Uint8Array,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<number> {
    const all = natsHeaders();
    for (const [name, value] of Object.entries(headers)) all.append(name, value);
    const js = this.admin.connection.jetstream();
    return (await js.publish(`events.${topic}`, data, { headers: all })).seq;
  }

  /** The stored time in ns, from the server's own text: `2026-01-01T12:00:00.123456789Z`. */
  async timeNanos(sequence: number): Promise<bigint> {
    const { timestamp } = await this.admin.manager.streams.getMessage('EVENTS', { seq: sequence });
    const [, seconds = '', fraction = ''] = /^(.*?)(?:\.(\d+))?Z$/.exec(timestamp) ?? [];
    return BigInt(Date.parse(`${seconds}Z`)) * 1_000_000n + BigInt(fraction.padEnd(9, '0'));
  }
}
