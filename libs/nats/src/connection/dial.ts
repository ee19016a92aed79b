import { connect, type ConnectionOptions, type NatsConnection } from 'nats';
import type { NatsOptions } from '../nats-options.interface.js';
import { connectFailure, endedWithoutGreeting } from './connect-failure.js';
import { readCredentials } from './credentials.js';
import { Link } from './link.js';
import type { ServerAddress } from './server-url.js';
import { SocketCapture } from './socket-capture.js';
import { readTls, type TlsMaterial } from './tls-files.js';
import { connectWeb } from './web-socket.js';

const CONNECT_TIMEOUT_MS = 5000;
const PING_INTERVAL_MS = 20_000;

/** What one attempt needs besides the options. */
export interface DialTarget {
  readonly server: ServerAddress;
  readonly name: string;
  /** See {@link readTls}. */
  readonly verifiedName?: string;
  /** Requires TLS even though the scheme does not, because another server of the list does. */
  readonly forceTls: boolean;
}

/**
 * Makes one attempt to connect to one server. The client's own reconnect is disabled: it would keep
 * subscriptions and requests across servers, but our readers must learn of a loss immediately. Single
 * attempts also show exactly why each server refused.
 *
 * @throws NatsConnectError
 */
export async function dial(
  target: DialTarget,
  options: NatsOptions,
  signal: AbortSignal,
): Promise<Link> {
  const { server } = target;
  const capture = new SocketCapture();
  const abort = (): void => capture.destroy();
  signal.addEventListener('abort', abort);
  try {
    const asked = target.forceTls ? { ...options, tls: options.tls ?? {} } : options;
    const [credentials, tls] = await Promise.all([
      readCredentials(options, server),
      readTls(asked, server, target.verifiedName),
    ]);
    signal.throwIfAborted();
    const common: ConnectionOptions = {
      name: target.name,
      ...credentials,
      reconnect: false,
      timeout: options.connectTimeoutMs ?? CONNECT_TIMEOUT_MS,
      pingInterval: options.pingIntervalMs ?? PING_INTERVAL_MS,
      maxPingOut: 2,
      ...(options.inboxPrefix !== undefined && { inboxPrefix: options.inboxPrefix }),
      noAsyncTraces: true,
    };
    const connection = await capture.during(() => open(server, common, tls, capture));
    return new Link(connection, server, () => capture.destroy(), options.inboxPrefix);
  } catch (error) {
    capture.destroy();
    throw connectFailure(error, server, options);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

async function open(
  server: ServerAddress,
  common: ConnectionOptions,
  tls: TlsMaterial | undefined,
  capture: SocketCapture,
): Promise<NatsConnection> {
  if (server.scheme === 'ws' || server.scheme === 'wss') {
    return connectWeb(server, common, tls, capture);
  }
  const options = { ...common, servers: [`${server.host}:${server.port}`] };
  if (tls === undefined) return connect(options);
  try {
    return await connect({ ...options, tls });
  } catch (error) {
    if (!endedWithoutGreeting(error)) throw error;
    // With `handshake_first`, the server sends nothing before TLS is established.
    return connect({ ...options, tls: { ...tls, handshakeFirst: true } });
  }
}
