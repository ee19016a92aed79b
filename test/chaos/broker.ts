import {
  AckPolicy,
  DeliverPolicy,
  connect,
  type ConnectionOptions,
  type ConsumerInfo,
  type JetStreamManager,
  type NatsConnection,
  type StreamConfig,
} from 'nats';
import { disposeAtEnd } from '../support/disposal.js';
import { until } from '../support/until.js';

/** A message according to the stream. */
export interface StoredPlace {
  readonly sequence: number;
  readonly subject: string;
  /** When it was stored, in ms. */
  readonly timeMs: number;
}

/** A direct connection to a test's NATS. Closed at the end of the test file. */
export class Broker {
  private constructor(
    readonly connection: NatsConnection,
    readonly manager: JetStreamManager,
  ) {}

  static async connect(servers: string, options: ConnectionOptions = {}): Promise<Broker> {
    const connection = await connect({
      ...options,
      servers: servers.split(','),
      maxReconnectAttempts: -1,
      reconnectTimeWait: 20,
      reconnectJitter: 0,
      pingInterval: 1000,
    });
    disposeAtEnd(() => connection.close());
    return new Broker(connection, await connection.jetstreamManager({ checkAPI: false }));
  }

  /** Creates a stream over `events.>` by default. Retries while the server is starting. */
  async createStream(config: Partial<StreamConfig> = {}): Promise<string> {
    const name = config.name ?? 'EVENTS';
    await until(() => this.manager.streams.add({ name, subjects: ['events.>'], ...config }), {
      what: `the stream ${name} to be made`,
      everyMs: 100,
    });
    return name;
  }

  /** Publishes one message, and resolves to the sequence under which it is stored. */
  async publish(subject: string, data: string | Uint8Array = '', timeout = 5000): Promise<number> {
    const { seq } = await this.connection.jetstream().publish(subject, data, { timeout });
    return seq;
  }

  /** Publishes many messages as fast as possible, and resolves to the last sequence when all are stored. */
  async fill(count: number, subjectOf: (i: number) => string, payload = ''): Promise<number> {
    const bytes = new TextEncoder().encode(payload);
    for (let i = 0; i < count - 1; i++) {
      this.connection.publish(subjectOf(i), payload === '' ? `{"n":${i}}` : bytes);
      if (i % 20_000 === 0) await this.connection.flush();
    }
    return this.publish(subjectOf(count - 1), payload === '' ? `{"n":${count - 1}}` : payload);
  }

  /** All messages of the stream, in order. */
  async stored(stream = 'EVENTS'): Promise<StoredPlace[]> {
    const { state } = await this.manager.streams.info(stream);
    if (state.messages === 0) return [];
    // A cluster that has just lost and regained a member may need more than one request.
    const { name } = await until(
      () =>
        this.manager.consumers
          .add(stream, {
            ack_policy: AckPolicy.None,
            deliver_policy: DeliverPolicy.All,
            headers_only: true,
            mem_storage: true,
            inactive_threshold: 10e9,
          })
          .catch(() => undefined),
      { what: 'a consumer that lists the stream', timeoutMs: 30_000 },
    );
    const consumer = await this.connection.jetstream().consumers.get(stream, name);
    const places: StoredPlace[] = [];
    for await (const { seq, subject, info } of await consumer.consume({ max_messages: 5000 })) {
      places.push({ sequence: seq, subject, timeMs: info.timestampNanos / 1e6 });
      if (seq >= state.last_seq) break;
    }
    await this.manager.consumers.delete(stream, name);
    return places;
  }

  /** The consumers of the service, by their names. */
  async consumers(stream = 'EVENTS'): Promise<ConsumerInfo[]> {
    const infos: ConsumerInfo[] = [];
    for await (const info of this.manager.consumers.list(stream)) {
      if (info.name.startsWith('nuts_')) infos.push(info);
    }
    return infos;
  }

  /** Deletes one of the service's consumers; false if it no longer exists. */
  async deleteConsumer(name: string, stream = 'EVENTS'): Promise<boolean> {
    return this.manager.consumers.delete(stream, name).catch(() => false);
  }
}
