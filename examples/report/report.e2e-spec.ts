import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { execPath } from 'node:process';
import { startHubs } from '../../test/e2e/hubs/hubs-app.js';
import { StreamAdmin } from '../../test/e2e/nats/stream-admin.js';
import { disposeAtEnd } from '../../test/support/disposal.js';
import { startNats } from '../../test/support/nats/index.js';
import { until } from '../../test/support/until.js';
import { ask, type AskedReply } from './page/ask.js';

let url: string;
beforeAll(async () => {
  const nats = await startNats();
  const admin = await StreamAdmin.connect({ servers: nats.url });
  disposeAtEnd(() => admin.close());
  await admin.createStream({ name: 'EVENTS' });
  const env = { ...process.env, NATS_URL: nats.url, PAGE_MS: '2' };
  const service = spawn(execPath, ['examples/report/service.js'], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  disposeAtEnd(async () => {
    service.kill();
    if (service.exitCode === null) await once(service, 'close');
  });
  await once(service.stdout, 'data');
  const app = await startHubs('examples/report/report.yaml', { NATS_URL: nats.url });
  url = `${app.url}/services/reports/monthly`;
  await until(async () => (await fetch(url, { method: 'POST', body: '{"year":1}' })).ok);
});

it('arrives page by page, with progress', async () => {
  const pages: AskedReply[] = [];
  for await (const page of ask(url, { year: 2026 })) pages.push(page);
  expect(pages).toHaveLength(40);
  expect(pages[2]).toEqual({
    payload: { year: 2026, page: 3, total: 3000 },
    progress: { done: 3, total: 40 },
  });
});

it('reports errors in the request', async () => {
  await expect(ask(url, { year: 'soon' }).next()).rejects.toThrow('Expected {"year": 2026}');
});

it('stops when the client disconnects', async () => {
  for await (const { progress } of ask(url, { year: 2026 })) if (progress?.done === 3) break;
  const metrics = async (): Promise<string> => (await fetch(new URL('/metrics', url))).text();
  await until(async () =>
    /^nuts_requests_total\{service="\/services",result="client_left"\} 1$/m.test(await metrics()),
  );
});
