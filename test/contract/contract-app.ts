import { connect, type JetStreamClient, type JetStreamManager, type NatsConnection } from 'nats';
import { loadConfiguration } from '../../src/config/configuration.loader.js';
import type { ProcessOptions } from '../../src/config/process-options.interface.js';
import { NutsServer } from '../../src/server/nuts-server.js';
import { disposeAtEnd } from '../support/disposal.js';
import { type NatsServer, startNats } from '../support/nats/index.js';
import { until } from '../support/until.js';

/** A stream on a nats-server, with a publisher. */
export interface ContractStream {
  readonly nats: NatsServer;
  readonly connection: NatsConnection;
  readonly js: JetStreamClient;
  readonly jsm: JetStreamManager;
  /** Publishes to `events.<topic>` and resolves to the sequence. */
  publish(topic: string, payload: string | Uint8Array): Promise<number>;
}

/** Starts a nats-server with the stream `EVENTS` (`events.>`). Ends with the test file. */
export async function startStream(): Promise<ContractStream> {
  const nats = await startNats();
  const connection = await connect({
    servers: nats.url,
    reconnectTimeWait: 50,
    maxReconnectAttempts: -1,
  });
  disposeAtEnd(() => connection.close());
  const jsm = await connection.jetstreamManager();
  await jsm.streams.add({ name: 'EVENTS', subjects: ['events.>'] });
  const js = connection.jetstream();
  return {
    nats,
    connection,
    js,
    jsm,
    publish: async (topic, payload) => (await js.publish(`events.${topic}`, payload)).seq,
  };
}

/** The service in this process, as its environment would configure it; `adapt` changes what it says. Ends with the test file. */
export async function startApp(
  stream: Pick<ContractStream, 'nats'>,
  env: Readonly<Record<string, string>> = {},
  adapt: (options: ProcessOptions) => ProcessOptions = (options) => options,
): Promise<NutsServer> {
  const configured = loadConfiguration({
    NATS_URL: stream.nats.url,
    STREAM_NAME: 'EVENTS',
    TOPIC_PREFIX: 'events.',
    HOST: '127.0.0.1',
    PORT: '0',
    DRAIN_WINDOW: '1',
    ...env,
  });
  const options = adapt(configured);
  const server = await NutsServer.start(options, false);
  disposeAtEnd(() => server.stop());
  const probes = server.managementUrl ?? server.url;
  const [hub] = options.hubs;
  const readyPath = hub?.probes.readyPath ?? '/readyz';
  await until(async () => (await fetch(probes + readyPath)).ok, { what: 'the app to be ready' });
  return server;
}
