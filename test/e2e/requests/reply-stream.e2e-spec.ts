import { headers as natsHeaders, type Msg } from 'nats';
import { until } from '../../support/until.js';
import type { RawSse } from '../../support/raw-sse.js';
import { servicesRig } from './requests-rig.js';

const rig = servicesRig();

function respond(
  message: Msg,
  payload: unknown,
  fields: Readonly<Record<string, string>> = {},
): void {
  const headers = natsHeaders();
  for (const [name, value] of Object.entries(fields)) headers.set(name, value);
  message.respond(payload === undefined ? '' : JSON.stringify(payload), { headers });
}

const eventsOf = (stream: RawSse): string[] =>
  stream.events.map(({ event, id, data }) => `${event} ${id ?? '-'} ${data}`);

describe('many replies', () => {
  it('arrive as they are sent, numbered, with their progress, and an end', async () => {
    rig.serve('services.report', (message) => {
      respond(message, { page: 1 }, { 'Nuts-Progress': '10/40' });
      message.respond('{ "n": 1.0,\n "n": 12345678901234567890 }');
      message.respond('two\nlines');
      message.respond(Buffer.from([0xff, 0xfe]));
      respond(message, 5, { 'nuts-progress': '40/40' });
      message.respond('');
      message.respond('too late');
    });
    const app = await rig.start();
    const stream = await app.stream('/services/report', '{}');
    expect(await stream.ended()).toBe('end');
    expect(stream.status).toBe(200);
    expect(stream.headers).toMatchObject({
      'content-type': 'text/event-stream',
      'cache-control': expect.stringMatching(/no-cache.*no-transform/) as string,
      'x-accel-buffering': 'no',
    });
    expect(eventsOf(stream)).toEqual([
      'reply 1 {"payload":{"page":1},"progress":{"done":10,"total":40}}',
      'reply 2 {"payload":{"n":1.0,"n":12345678901234567890}}',
      'reply 3 {"payload":"two\\nlines"}',
      'reply 4 {"payload":"//4=","encoding":"base64"}',
      'reply 5 {"payload":5,"progress":{"done":40,"total":40}}',
      'end - {"replies":5}',
    ]);
    expect(app.service.openRequests).toBe(0);
  });

  it('are counted against the total of the first, unless one has its own', async () => {
    rig.serve('services.report', (message) => {
      respond(message, 1, { 'Nuts-Total': '3' });
      respond(message, 2, { 'Nuts-Progress': '5/9' });
      respond(message, 3, { 'Nuts-Progress': 'half', 'Nuts-Total': '7' });
      message.respond('');
    });
    const app = await rig.start();
    const stream = await app.stream('/services/report');
    await stream.ended();
    expect(eventsOf(stream).map((line) => /"progress":(.+)}$/.exec(line)?.[1])).toEqual([
      '{"done":1,"total":3}',
      '{"done":5,"total":9}',
      '{"done":3,"total":3}',
      undefined,
    ]);
  });

  it('end without events if the first one is empty', async () => {
    rig.serve('services.none', (message) => message.respond(''));
    const app = await rig.start();
    const stream = await app.stream('/services/none');
    await stream.ended();
    expect(eventsOf(stream)).toEqual(['end - {"replies":0}']);
  });

  it('that arrive at once reach a client that reads, however many they are', async () => {
    rig.serve('services.flood', (message) => {
      for (let i = 1; i <= 20_000; i += 1) message.respond(`{"row":${i}}`);
      message.respond('');
    });
    const app = await rig.start();
    const stream = await app.stream('/services/flood');
    await stream.ended();
    expect(stream.events.at(-1)).toMatchObject({ event: 'end', data: '{"replies":20000}' });
    expect(stream.events).toHaveLength(20_001);
  });
});

describe('a failed event', () => {
  it('of the service ends the stream, before a reply and after one', async () => {
    const service = await rig.connection.services.add({ name: 'svc', version: '1.0.0' });
    service.addEndpoint('fail', {
      subject: 'services.fail',
      handler: (_error, message) => {
        if (message.string() === 'late') message.respond('1');
        message.respondError(1234, 'no "paper"');
      },
    });
    const app = await rig.start();
    for (const [body, before] of [
      ['', []],
      ['late', ['reply 1 {"payload":1}']],
    ] as const) {
      const stream = await app.stream('/services/fail', body);
      await stream.ended();
      expect(stream.status).toBe(200);
      expect(eventsOf(stream)).toEqual([
        ...before,
        'failed - {"code":1234,"message":"no \\"paper\\""}',
      ]);
    }
    await service.stop();
  });

  it('is sent if a service stops replying, or never replies', async () => {
    rig.serve('services.dies', (message) => {
      if (message.data.length > 0) respond(message, 1, { 'Nuts-Total': '2' });
    });
    const app = await rig.start({ requestTimeoutMs: 150 });
    for (const body of ['', 'x']) {
      const stream = await app.stream('/services/dies', body);
      await stream.ended();
      expect(stream.events.at(-1)).toMatchObject({
        event: 'failed',
        data: '{"code":504,"message":"No reply in time"}',
      });
    }
  });

  it('is not sent if a service has sent all replies that it announced', async () => {
    rig.serve('services.counted', (message) => {
      respond(message, 1, { 'Nuts-Total': '2' });
      respond(message, 2);
    });
    const app = await rig.start({ requestTimeoutMs: 150 });
    const stream = await app.stream('/services/counted');
    await stream.ended();
    expect(stream.events.at(-1)).toMatchObject({ event: 'end', data: '{"replies":2}' });
  });

  it('is sent if NATS is lost; the timeout counts from the last reply', async () => {
    const messages: Msg[] = [];
    rig.serve('services.slow', (message) => messages.push(message));
    const app = await rig.start({ requestTimeoutMs: 60_000 });
    const stream = await app.stream('/services/slow');
    await until(() => messages.length === 1);
    messages[0]?.respond('1');
    await stream.waitForEvents(1);
    await rig.nats.restart();
    await stream.ended();
    expect(stream.events.at(-1)).toMatchObject({
      event: 'failed',
      data: expect.stringContaining('"code":504') as string,
    });
    await until(() => rig.connection.flush().then(() => true));
  });
});

it('slow replies: headers are sent before the first, heartbeats in between', async () => {
  const messages: Msg[] = [];
  rig.serve('services.slow', (message) => messages.push(message));
  const app = await rig.start({ heartbeatMs: 50 });
  const stream = await app.stream('/services/slow');
  expect(stream.status).toBe(200);
  await until(() => stream.frames.filter(({ raw }) => raw === ': heartbeat').length >= 2);
  messages[0]?.respond('1');
  await stream.waitForEvents(1);
  const before = stream.frames.length;
  await until(() => stream.frames.length > before + 1);
  expect(stream.frames.at(-1)?.raw).toBe(': heartbeat');
});
