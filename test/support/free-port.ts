import { createServer } from 'node:net';

/** Below the ephemeral ports that systems use for outgoing connections and for port 0. */
const [LOWEST, HIGHEST] = [12_000, 32_000];

/** A loopback port that was free a moment ago and that only a coincidence can occupy. */
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
