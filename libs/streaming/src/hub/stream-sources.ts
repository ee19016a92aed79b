import type { NatsClients } from '@nuts/nats';
import type { HubOptions } from './hub-options.interface.js';
import { StreamSource } from './stream-source.js';

/** The logs of an application's hubs: one per NATS system, stream and prefix. */
export class StreamSources {
  private readonly logs = new Map<string, StreamSource>();

  constructor(
    private readonly clients: NatsClients,
    private readonly hubs: readonly HubOptions[],
  ) {}

  /** The log that a hub reads; created with the largest limits of its hubs. */
  of(hub: HubOptions): StreamSource {
    const key = this.keyOf(hub);
    let log = this.logs.get(key);
    if (log === undefined) {
      const sharing = this.hubs.filter((other) => this.keyOf(other) === key);
      log = new StreamSource(this.clients.get(hub.nats), {
        stream: hub.stream,
        topicPrefix: hub.topicPrefix,
        kvBucket: hub.kvBucket,
        window: {
          maxMessages: Math.max(...sharing.map(({ windowMaxMessages }) => windowMaxMessages)),
          maxBytes: Math.max(...sharing.map(({ windowMaxBytes }) => windowMaxBytes)),
        },
        lastValues: {
          maxMessages: Math.max(...sharing.map((one) => one.lastValuesMaxMessages)),
          maxBytes: Math.max(...sharing.map((one) => one.lastValuesMaxBytes)),
        },
        idleHeartbeatMs: Math.min(...sharing.map(({ natsIdleHeartbeatMs }) => natsIdleHeartbeatMs)),
      });
      this.logs.set(key, log);
    }
    return log;
  }

  all(): StreamSource[] {
    return [...this.logs.values()];
  }

  start(): void {
    for (const log of this.logs.values()) log.start();
  }

  report(): void {
    for (const log of this.logs.values()) log.report();
  }

  stop(): void {
    for (const log of this.logs.values()) log.stop();
  }

  private keyOf(hub: HubOptions): string {
    const client = this.clients.get(hub.nats);
    return JSON.stringify([this.clients.all().indexOf(client), hub.stream, hub.topicPrefix]);
  }
}
