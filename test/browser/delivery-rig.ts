import { type ContractStream, startStream } from '../contract/contract-app.js';
import { freePort } from '../support/free-port.js';
import { Service } from '../support/service.js';
import { TcpProxy } from '../support/tcp-proxy.js';

/** The built service between two proxies that simulate network faults. */
export interface DeliveryRig {
  readonly stream: ContractStream;
  /** Between the browser and the service. */
  readonly front: TcpProxy;
  /** Between the service and NATS; publishers connect to NATS directly. */
  readonly back: TcpProxy;
  /** The current service. */
  service(): Service;
  /** Sends SIGTERM, then starts a new process on the same port. */
  restart(): Promise<void>;
  /** The stream's URL for the page. */
  url(topic: string): string;
}

/** Starts a service with short retry delays. Ends with the test file. */
export async function startDeliveryRig(): Promise<DeliveryRig> {
  const stream = await startStream();
  const back = await TcpProxy.start(stream.nats.port);
  const port = await freePort();
  const env = {
    PORT: String(port),
    NATS_URL: back.url('nats'),
    STREAM_NAME: 'EVENTS',
    TOPIC_PREFIX: 'events.',
    RECONNECT_WAIT: '1',
    HEARTBEAT_INTERVAL: '1',
    SSE_RETRY: '100',
    TRANSIENT_RETRY: '1',
    DRAIN_WINDOW: '1',
  };
  let service = await Service.start({ env });
  const front = await TcpProxy.start(port);
  return {
    stream,
    front,
    back,
    service: () => service,
    restart: async () => {
      await service.stop();
      service = await Service.start({ env });
    },
    url: (topic) => `${front.url()}/events?topic=${topic}`,
  };
}
