import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Prints the URL of a limit program in the same format as the service. */
export function announce(server: Server): void {
  const { port } = server.address() as AddressInfo;
  console.log(`listening on http://127.0.0.1:${port}`);
}
