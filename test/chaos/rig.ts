import type { StreamConfig } from 'nats';
import { startNats, type NatsServer, type NatsServerOptions } from '../support/nats/index.js';
import { Service } from '../support/service.js';
import { until } from '../support/until.js';
import { Broker, type StoredPlace } from './broker.js';
import { Random } from './random.js';
import { ResumingClient, type ResumingClientOptions } from './resuming-client.js';

/** Settings with which an outage is detected in a fraction of a second. */
export const QUICK = {
  STREAM_NAME: 'EVENTS',
  TOPIC_PREFIX: 'events.',
  NATS_IDLE_HEARTBEAT: '0.3',
  NATS_PING_INTERVAL: '0.5',
  RECONNECT_WAIT: '0.1',
  HEARTBEAT_INTERVAL: '0.3',
  TRANSIENT_RETRY: '0.1',
};

export interface RigOptions {
  readonly server?: NatsServerOptions;
  readonly stream?: Partial<StreamConfig>;
  readonly env?: Readonly<Record<string, string>>;
  /** For the service's Node. */
  readonly nodeArguments?: readonly string[];
  /** Prepares the stream before the service starts. */
  readonly prepare?: (broker: Broker) => Promise<unknown>;
}

/** A nats-server, a stream `EVENTS` and a service over it. */
export class Rig {
  private constructor(
    readonly server: NatsServer,
    readonly broker: Broker,
    readonly service: Service,
  ) {}

  static async start({
    server: options,
    stream,
    env,
    nodeArguments = [],
    prepare,
  }: RigOptions = {}): Promise<Rig> {
    const server = await startNats(options);
    const broker = await Broker.connect(server.url);
    await broker.createStream(stream);
    await prepare?.(broker);
    const service = await Service.start({
      env: { ...QUICK, NATS_URL: server.url, ...env },
      nodeArguments,
    });
    return new Rig(server, broker, service);
  }

  /** A client that resumes; by default on topic `a`, fast and from the start of the stream. */
  client(options: Partial<ResumingClientOptions> = {}): ResumingClient {
    return new ResumingClient({
      url: () => `${this.service.url}/events`,
      topics: ['a'],
      random: new Random(1),
      ...options,
    });
  }
}

/** Waits for a client to reach a position. */
export async function reached(
  client: ResumingClient,
  sequence: number,
  timeoutMs = 15_000,
): Promise<void> {
  await until(() => client.position >= sequence, {
    timeoutMs,
    what: () =>
      `position ${sequence}; at ${client.position}, ${client.connections} connections, ` +
      `starts ${client.starts.map(({ recovery }) => recovery).join(' ')}, said ${JSON.stringify(client.comments)}`,
  });
}

/** Compares a client's messages with those of the stream; empty if they match. */
export function problemsOf(client: ResumingClient, stored: readonly StoredPlace[]): string[] {
  const subjects = new Set(client.topics.map((topic) => `events.${topic}`));
  const due = stored.filter(({ subject }) => subjects.has(subject));
  return client.history.compare(due.map(({ sequence }) => sequence));
}

/** The reasons why a client's stream was ended or its first request refused; empty if neither happened. */
export function interruptionsOf({ connections, comments }: ResumingClient): string[] {
  return connections === 1 ? [] : [`${connections} connections`, ...new Set(comments)];
}
