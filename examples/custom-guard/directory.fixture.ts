import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { disposeAtEnd } from '../../test/support/disposal.js';

/** The part of a company's directory service that the guard uses. */
export interface Directory {
  readonly url: string;
  /** Answers by session; any other is `404`. */
  readonly sessions: Map<string, unknown>;
  /** Replaces the answer while it is set. */
  trouble: ((response: ServerResponse) => void) | undefined;
}

export async function startDirectory(): Promise<Directory> {
  const sessions = new Map<string, unknown>();
  const server = createServer((request, response) => {
    const answer = sessions.get(request.url?.replace('/sessions/', '') ?? '');
    if (directory.trouble) directory.trouble(response);
    else if (answer === undefined) response.writeHead(404).end();
    else response.setHeader('Content-Type', 'application/json').end(JSON.stringify(answer));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  disposeAtEnd(() => {
    server.close();
    server.closeAllConnections();
  });
  const { port } = server.address() as AddressInfo;
  const directory: Directory = {
    url: `http://127.0.0.1:${port}`,
    sessions,
    trouble: undefined,
  };
  return directory;
}
