import { HubPublisher, StreamingModule } from '@nuts/streaming';
import { EventSourceClient } from '../../support/event-source.js';
import { RawSse } from '../../support/raw-sse.js';
import { HeaderGuard, libraryRig } from './library-app.js';

const { start, hub } = libraryRig();

describe('HubPublisher', () => {
  it('publishes bytes, texts and values through a hub, and returns the event id', async () => {
    const { app, url } = await start(
      StreamingModule.forRoot({
        hubs: [
          hub({ name: 'main', format: { eventType: { from: 'header', header: 'Kind' } } }),
          hub({ path: '/other', stream: 'OTHER', topicPrefix: 'other.' }),
        ],
      }),
    );
    const publisher = app.get(HubPublisher, { strict: false });
    const client = new EventSourceClient(`${url}/events?topic=a`, { types: ['made'] });
    const other = new EventSourceClient(`${url}/other?topic=a`);
    await Promise.all([client.connected(), other.connected()]);
    const ids = [
      await publisher.publish('main', 'a', { n: 1 }),
      await publisher.publish('/events', 'a', 'text'),
      await publisher.publish('main', 'a', Uint8Array.of(0xff)),
    ].map(({ id }) => id);
    const named = await publisher.publish('main', 'a', null, { headers: { Kind: 'made' } });
    const elsewhere = await publisher.publish('/other', 'a', [1]);
    await Promise.all([client.waitFor(1, 'made'), other.waitFor(1)]);
    expect(client.ids).toEqual(ids);
    expect(client.data<{ payload: unknown }>().map(({ payload }) => payload)).toEqual([
      { n: 1 },
      'text',
      '/w==',
    ]);
    expect(client.of('made')[0]?.id).toBe(named.id);
    expect(other.ids).toEqual([elsewhere.id]);
    // Stored once, however often it is published.
    const once = { idempotencyKey: 'order-1' };
    const first = await publisher.publish('main', 'b', 1, once);
    expect(first.duplicate).toBe(false);
    const second = await publisher.publish('main', 'b', 1, once);
    expect(second).toEqual({ id: first.id, duplicate: true });
    // Stored only if it directly follows the subject's newest message.
    const { id: newest } = await publisher.publish('main', 'b', 2, { ifMatch: first.id });
    const conflict = { name: 'NatsPublishError', kind: 'conflict' };
    for (const condition of [{ ifMatch: first.id }, { ifNoneMatch: '*' as const }]) {
      await expect(publisher.publish('main', 'b', 3, condition)).rejects.toMatchObject(conflict);
    }
    expect((await publisher.publish('main', 'c', 1, { ifNoneMatch: '*' })).duplicate).toBe(false);

    const refused = (promise: Promise<unknown>, kind: string): Promise<void> =>
      expect(promise).rejects.toMatchObject({ name: 'HubPublishError', kind });
    await refused(publisher.publish('/nowhere', 'a', 1), 'unknown_hub');
    for (const topic of ['', 'a.*', '>', '.a', 'a b', 'ü', '$JS.API', 'a'.repeat(257)]) {
      await refused(publisher.publish('main', topic, 1), 'invalid_topic');
    }
    await refused(publisher.publish('main', 'a', undefined), 'invalid_payload');
    await refused(
      publisher.publish('main', 'a', 1, { headers: { 'a\r\nb': 'c' } }),
      'invalid_header',
    );
    for (const idempotencyKey of ['', 'ü', 'a\nb', 'a'.repeat(257)]) {
      await refused(
        publisher.publish('main', 'a', 1, { idempotencyKey }),
        'invalid_idempotency_key',
      );
    }
    for (const ifMatch of ['', 'a', '-1', '1-0']) {
      await refused(publisher.publish('main', 'a', 1, { ifMatch }), 'invalid_condition');
    }
    await refused(publisher.publish('main', 'b', 1, { ifMatch: '0' }), 'conflict');
    await refused(publisher.publish('main', 'b', 1, { ifMatch: `${newest}-5` }), 'conflict');
    const both = { ifMatch: newest, ifNoneMatch: '*' as const };
    await refused(publisher.publish('main', 'b', 1, both), 'invalid_condition');
    const large = new Uint8Array(2 * 1024 * 1024);
    await expect(publisher.publish('main', 'a', large)).rejects.toMatchObject({
      name: 'NatsPublishError',
      kind: 'too_large',
    });
    client.close();
    other.close();
  });
});

describe('HubRegistry', () => {
  it('ends the streams of one subject on all hubs; they reconnect, and resume without a gap', async () => {
    const { app, url, registry } = await start(
      StreamingModule.forRoot({
        hubs: [hub(), hub({ path: '/same' })],
        guards: [HeaderGuard],
      }),
    );
    const as = (user: string): { headers: Record<string, string> } => ({
      headers: { 'x-user': user, accept: 'text/event-stream' },
    });
    const ann = new EventSourceClient(`${url}/events?topic=c`, as('ann'));
    const bob = new EventSourceClient(`${url}/events?topic=c`, as('bob'));
    const raw = await RawSse.open(`${url}/same?topic=c`, as('ann'));
    await Promise.all([ann.connected(), bob.connected(), raw.waitForEvents(1)]);
    const publisher = app.get(HubPublisher, { strict: false });
    await publisher.publish('/events', 'c', 1);
    await Promise.all([ann.waitFor(1), bob.waitFor(1), raw.waitForEvents(2)]);

    expect(registry.closeStreamsOf('nobody')).toBe(0);
    expect(registry.closeStreamsOf('ann')).toBe(2);
    const last = (await publisher.publish('/events', 'c', 2)).id;
    expect(await raw.ended()).toBe('end');
    expect(raw.body).toMatch(/\n\n: closed\nretry: \d+\n\n$/);
    await Promise.all([ann.waitFor(2), bob.waitFor(2)]);
    expect([ann.ids.length, ann.ids.at(-1)]).toEqual([2, last]);
    expect([ann.opens, bob.opens]).toEqual([2, 1]);
    ann.close();
    bob.close();
  });

  it('does not start with hubs that cannot be served', async () => {
    const twins = StreamingModule.forRoot({ hubs: [hub(), hub({ name: 'b' })] });
    await expect(start(twins)).rejects.toThrow('/events: two hubs have this path');
  });
});
