import type { AddressInfo, Server } from 'node:net';

/**
 * Connections that may wait to be accepted: with Node's 511, 5 000 clients that come back at once
 * took over 6 s, with this 1 to 1.5 (DESIGN §6). The kernel's `somaxconn` bounds it.
 */
const BACKLOG = 4096;

/** Where a server shall listen, and the settings' names for the error's sentence. */
export interface ListenAddress {
  readonly host: string;
  /** 0 = any free port. */
  readonly port: number;
  readonly portSetting: 'PORT' | 'MANAGEMENT_PORT';
  /** Other processes of this service listen there too. */
  readonly isShared?: boolean;
}

/** Errors of a platform without `SO_REUSEPORT`. */
const UNSUPPORTED: ReadonlySet<string> = new Set(['ENOTSUP', 'EOPNOTSUPP', 'ENOPROTOOPT']);

/** The address cannot be listened on; the message names the setting and the remedy. */
export class ListenError extends Error {
  override readonly name = 'ListenError';
}

/** Resolves to the port when the server listens. Rejects with a {@link ListenError}. */
export function listen(server: Server, address: ListenAddress): Promise<number> {
  return new Promise((resolve, reject) => {
    const { host, port, isShared = false } = address;
    const begin = (reusePort: boolean): void => {
      const fail = (error: NodeJS.ErrnoException): void => {
        // Where the kernel does not share ports (macOS, Windows), Node's cluster does.
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
    `${port} on ${host} is taken by another program: stop that one, or choose a free port.`,
  EACCES: (port) =>
    `${port} may not be opened by this user: choose one above 1023, or grant the process CAP_NET_BIND_SERVICE.`,
  EADDRNOTAVAIL: (_port, host) => foreignAddress(host),
  ENOTFOUND: (_port, host) => foreignAddress(host),
  EAI_AGAIN: (_port, host) => foreignAddress(host),
};

function foreignAddress(host: string): string {
  return `HOST ${host} is no address of this machine: use 0.0.0.0 for all of them, or 127.0.0.1 for local clients only.`;
}

function explain({ code, message }: NodeJS.ErrnoException, host: string, port: string): string {
  return (
    REMEDIES[code ?? '']?.(port, host) ?? `${port} on ${host} cannot be listened on: ${message}`
  );
}
