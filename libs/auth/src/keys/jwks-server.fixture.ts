import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A JWKS server on loopback; `fetches` counts its requests. */
export interface JwksServer {
  readonly url: string;
  readonly fetches: number;
  /** The response from now on: a key set, or any misbehaviour of a provider. */
  answer: object | ((request: IncomingMessage, response: ServerResponse) => void);
  close(): Promise<void>;
}

export async function startJwksServer(): Promise<JwksServer> {
  const server = createServer((request, response) => {
    fetches += 1;
    if (typeof jwks.answer === 'function') {
      (jwks.answer as (a: IncomingMessage, b: ServerResponse) => void)(request, response);
    } else {
      response.setHeader('Content-Type', 'application/json').end(JSON.stringify(jwks.answer));
    }
  });
  let fetches = 0;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const jwks: JwksServer = {
    url: `http://127.0.0.1:${port}/jwks`,
    get fetches() {
      return fetches;
    },
    answer: { keys: [] },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return jwks;
}
