import { AsyncLocalStorage } from 'node:async_hooks';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { Socket } from 'node:net';

const CHANNEL = 'net.client.socket';

/** Something that can be closed without waiting for the other side. */
export interface Destroyable {
  destroy(): unknown;
}

/**
 * Runs an attempt to connect and keeps hold of the sockets that it opens. The client lets go of a
 * socket without closing it when the server accepts but never speaks (frozen, black-holed): one
 * leaked connection for each attempt, until the server lives again. Node's diagnostics channel
 * names each new socket, and the asynchronous context tells ours from all others.
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

  /** Holds a socket until it closes. */
  add(socket: Destroyable, onClose: (done: () => void) => void): void {
    this.open.add(socket);
    onClose(() => this.open.delete(socket));
  }

  /** Closes what is still open. */
  destroy(): void {
    for (const socket of this.open) socket.destroy();
  }
}
