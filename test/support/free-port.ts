import { createServer } from 'node:net';

/** Below those that systems give to outgoing connections, and to whoever asks for any port. */
const [LOWEST, HIGHEST] = [12_000, 32_000];

/** A port of the loopback address that nothing listened on a moment ago, and that only chance takes. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = LOWEST + Math.floor(Math.random() * (HIGHEST - LOWEST));
    if (await isFree(port)) return port;
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') resolve(false);
      else reject(error);
    });
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
