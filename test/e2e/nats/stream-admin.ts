import {
  connect,
  type JetStreamManager,
  type NatsConnection,
  type StreamConfig,
  type StreamInfo,
} from 'nats';

/** Administration of a server with a separate connection. */
export class StreamAdmin {
  private constructor(
    readonly connection: NatsConnection,
    readonly manager: JetStreamManager,
  ) {}

  static async connect(options: Parameters<typeof connect>[0]): Promise<StreamAdmin> {
    const connection = await connect({ ...options, maxReconnectAttempts: -1 });
    return new StreamAdmin(connection, await connection.jetstreamManager({ checkAPI: false }));
  }

  createStream(config: Partial<StreamConfig> & { name: string }): Promise<StreamInfo> {
    return this.manager.streams.add({ subjects: [`${config.name.toLowerCase()}.>`], ...config });
  }

  /** Publishes `count` messages in a burst and waits until the last is stored. */
  async fill(
    count: number,
    subjectOf: (i: number) => string,
    payloadOf: string | ((i: number) => string) = (i) => String(i + 1),
  ): Promise<void> {
    const window = 5000;
    for (let i = 0; i < count; i++) {
      const last = i === count - 1 || i % window === window - 1;
      const text = typeof payloadOf === 'string' ? payloadOf : payloadOf(i);
      if (last) await this.connection.request(subjectOf(i), text, { timeout: 10_000 });
      else this.connection.publish(subjectOf(i), text);
    }
  }

  async consumers(stream: string): Promise<string[]> {
    const names: string[] = [];
    for await (const info of this.manager.consumers.list(stream)) names.push(info.name);
    return names;
  }

  close(): Promise<void> {
    return this.connection.close();
  }
}
