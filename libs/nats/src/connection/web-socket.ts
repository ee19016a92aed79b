import type { ConnectionOptions, NatsConnection } from 'nats';
import { WebSocket } from 'ws';
import { showServer, type ServerAddress } from './server-url.js';
import type { SocketCapture } from './socket-capture.js';
import type { TlsMaterial } from './tls-files.js';

/**
 * Connects over a WebSocket. `nats` treats `ws://` as plain TCP; its sibling `nats.ws` has the same API but
 * no TLS options, so `ws` creates the socket here.
 */
export async function connectWeb(
  server: ServerAddress,
  common: ConnectionOptions,
  tls: TlsMaterial | undefined,
  capture: SocketCapture,
): Promise<NatsConnection> {
  const { connect } = await import('nats.ws');
  let failure: Error | undefined;
  const wsFactory = (): Promise<{ socket: unknown; encrypted: boolean }> => {
    const socket = new WebSocket(showServer(server), {
      ...tls,
      perMessageDeflate: false,
      handshakeTimeout: common.timeout ?? 0,
    });
    capture.add({ destroy: () => socket.terminate() }, (done) => socket.once('close', done));
    // `nats.ws` keeps only the error's text, but its code distinguishes TLS errors from unreachable
    // servers.
    socket.on('error', (error) => (failure ??= error));
    return Promise.resolve({ socket, encrypted: server.scheme === 'wss' });
  };
  try {
    const options = { ...common, servers: [showServer(server)], wsFactory };
    return await connect(options);
  } catch (error) {
    throw failure ?? error;
  }
}
