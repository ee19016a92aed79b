import type { AddressInfo, Server } from 'node:net';

/**
 * Backlog of connections to accept. With Node's 511, 5 000 clients that reconnected at once took over 6 s,
 * with this value 1 to 1.5 s (DESIGN §6). Limited by the kernel's `somaxconn`.
 */
const BACKLOG = 4096;

/** Where a server listens, and the names of the settings for error messages. */
export interface ListenAddress {
  readonly host: string;
  /** 0 = any free port. */
  readonly port: number;
  readonly portSetting: 'PORT' | 'MANAGEMENT_PORT';
  /** Other processes of this service listen there too. */
  readonly isShared?: boolean;
}

/** Errors of platforms without `SO_REUSEPORT`. */
const UNSUPPORTED: ReadonlySet<string> = new Set(['ENOTSUP', 'EOPNOTSUPP', 'ENOPROTOOPT']);

/** The server cannot listen on the address; the message names the setting and the remedy. */
export class ListenError extends Error {
  override readonly name = 'ListenError';
}

/** Resolves with the port when the server listens. Rejects with a {@link ListenError}. */
export function listen(server: Server, address: ListenAddress): Promise<number> {
  return new Promise((resolve, reject) => {
    const { host, port, isShared = false } = address;
    const begin = (reusePort: boolean): void => {
      const fail = (error: NodeJS.ErrnoException): void => {
        // If the kernel does not support this (macOS, Windows), Node's cluster shares the port.
        if (reusePort && UNSUPPORTED.has(error.code ?? '')) begin(false);
        else reject(sentenceOf(error, address));
      };
      server.once('error', fail);
      server.listen({ host, port, backlog: BACKLOG, reusePort }, () => {
        server.off('error', fail);
        resolve((server.address() as AddressInfo).port);
      });
    };
    begin(isShared);
  });
}

function sentenceOf(
  error: NodeJS.ErrnoException,
  { host, port, portSetting }: ListenAddress,
): ListenError {
  return new ListenError(explain(error, host, `${portSetting} ${port}`), { cause: error });
}

const REMEDIES: Readonly<Record<string, (port: string, host: string) => string>> = {
  EADDRINUSE: (port, host) =>
    `${port} on ${host} is in use by another program: stop it, or choose a free port.`,
  EACCES: (port) =>
    `${port} cannot be opened by this user: choose a port above 1023, or grant the process CAP_NET_BIND_SERVICE.`,
  EADDRNOTAVAIL: (_port, host) => foreignAddress(host),
  ENOTFOUND: (_port, host) => foreignAddress(host),
  EAI_AGAIN: (_port, host) => foreignAddress(host),
};

function foreignAddress(host: string): string {
  return `HOST ${host} is not an address of this machine: use 0.0.0.0 for all of them, or 127.0.0.1 for local clients only.`;
}

function explain({ code, message }: NodeJS.ErrnoException, host: string, port: string): string {
  return (
    REMEDIES[code ?? '']?.(port, host) ?? `${port} on ${host} cannot be listened on: ${message}`
  );
}
