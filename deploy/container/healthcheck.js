// Asks a probe of the service in the same container: node healthcheck.js [PATH or URL]
// Without an argument it asks whether the process is alive. Ends with code 0 on a 200, else 1.
import { get } from 'node:http';

const { MANAGEMENT_PORT, PORT, LIVE_PATH } = process.env;
const port = MANAGEMENT_PORT || PORT || '8080';
const target = process.argv[2] ?? (LIVE_PATH || '/livez');
const url = new URL(target, `http://127.0.0.1:${port}`);

const end = (reason) => {
  if (reason !== undefined) console.error(`${url.pathname}: ${reason}`);
  process.exit(reason === undefined ? 0 : 1);
};
get(url, { timeout: 3000 }, ({ statusCode }) =>
  end(statusCode === 200 ? undefined : `status ${statusCode}`),
)
  .on('timeout', () => end('no answer within 3 s'))
  .on('error', ({ message }) => end(message));
