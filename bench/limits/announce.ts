import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Tells the bench where a limit program listens, in the service's own words. */
export function announce(server: Server): void {
  const { port } = server.address() as AddressInfo;
  console.log(`listening on http://127.0.0.1:${port}`);
}
