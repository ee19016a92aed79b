import { RawSse } from '../support/raw-sse.js';
import { startApp, startStream } from './contract-app.js';

it('starts with all that is retained, says when it is live, and goes on (contract §9)', async () => {
  const stream = await startStream();
  for (let i = 0; i < 5; i++) await stream.publish('a', String(i));
  const app = await startApp(stream);
  for (const start of ['all', 'PT1H', '2020-01-01T00:00:00Z']) {
    const client = await RawSse.open(`${app.url}/events?topic=a&start=${start}`);
    await client.waitForEvents(7);
    expect(client.events.map(({ event, id }) => [event, id])).toEqual([
      ['connected', '0'],
      ...['1', '2', '3', '4', '5'].map((id) => ['message', id]),
      ['live', '5'],
    ]);
    expect(JSON.parse(client.events[0]?.data ?? '')).toMatchObject({ recovery: 'started' });
  }
  const refused = await fetch(`${app.url}/events?topic=a&start=never`);
  expect(refused.status).toBe(400);
  expect(await refused.text()).toContain('Invalid start');
});
