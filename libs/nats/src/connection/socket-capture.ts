import { AsyncLocalStorage } from 'node:async_hooks';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { Socket } from 'node:net';

const CHANNEL = 'net.client.socket';

/** Something that can be closed without waiting for the peer. */
export interface Destroyable {
  destroy(): unknown;
}

/**
 * Runs an attempt to connect and tracks the sockets that it opens. If a server accepts but never responds
 * (frozen, black-holed), the client drops its socket without closing it, which leaks one connection per
 * attempt. Node's diagnostics channel reports each new socket, and the asynchronous context identifies
 * ours.
 */
export class SocketCapture {
  private readonly open = new Set<Destroyable>();
  private readonly scope = new AsyncLocalStorage<this>();

  async during<T>(attempt: () => Promise<T>): Promise<T> {
    const note = (message: unknown): void => {
      if (this.scope.getStore() !== this) return;
      const { socket } = message as { socket: Socket };
      this.add(socket, (done) => socket.once('close', done));
    };
    subscribe(CHANNEL, note);
    try {
      return await this.scope.run(this, attempt);
    } finally {
      unsubscribe(CHANNEL, note);
    }
  }

  /** Tracks a socket until it closes. */
  add(socket: Destroyable, onClose: (done: () => void) => void): void {
    this.open.add(socket);
    onClose(() => this.open.delete(socket));
  }

  /** Closes all open sockets. */
  destroy(): void {
    for (const socket of this.open) socket.destroy();
  }
}
