import { Injectable, Module, Scope } from '@nestjs/common';
import { Fleet, FleetModule } from '@nuts/fleet';
import {
  type HubDeclaration,
  HubRegistry,
  OnStream,
  type Presence,
  PRESENCE_SOURCE,
  type PresenceSource,
  type StreamClosed,
  StreamingModule,
  type StreamOpened,
} from '@nuts/streaming';
import type { DynamicModule } from '@nestjs/common';
import { RawSse } from '../../support/raw-sse.js';
import { until } from '../../support/until.js';
import { HeaderGuard, type LibraryApp, libraryRig } from './library-app.js';

const { start, hub } = libraryRig();

const streaming = (changes: Partial<HubDeclaration> = {}): DynamicModule =>
  StreamingModule.forRoot({
    hubs: [hub({ presence: true, ...changes })],
    guards: [new HeaderGuard()],
  });

const asks = (user: string): { headers: Record<string, string> } => ({
  headers: { 'x-user': user, accept: 'text/event-stream' },
});

async function join(app: LibraryApp, user: string, topic = 'a'): Promise<RawSse> {
  const client = await RawSse.open(`${app.url}/events?topic=${topic}`, asks(user));
  await client.waitForEvents(1);
  return client;
}

async function presenceOf(app: LibraryApp, topic = 'a'): Promise<Presence> {
  const answer = await fetch(`${app.url}/events/presence?topic=${topic}`, asks('watcher'));
  expect([answer.status, answer.headers.get('cache-control')]).toEqual([200, 'no-store']);
  return (await answer.json()) as Presence;
}

const nobody = { streams: 0, clients: [] };

describe('presence of one process', () => {
  it('counts a client with several topics once, and no longer after it disconnected', async () => {
    const app = await start(streaming({ allowWildcards: true }));
    const client = await join(app, 'ann', 'a&topic=room.*');
    expect(await presenceOf(app, 'room.1&topic=b')).toEqual({
      topics: { 'room.1': { streams: 1, clients: [{ subject: 'ann', streams: 1 }] }, b: nobody },
      processes: 1,
      answered: 1,
    });
    client.abort();
    await until(async () => (await presenceOf(app)).topics['a']?.streams === 0);
  });

  it('leaves the path to a topic if the hub does not enable presence', async () => {
    const app = await start(streaming({ presence: false }));
    const client = await RawSse.open(`${app.url}/events/presence`, asks('ann'));
    await client.waitForEvents(1);
    expect(client.body).toContain('"topics":["presence"]');
    client.abort();
  });
});

describe('FleetModule', () => {
  it('closes the streams of a subject in all processes, and waits for their results', async () => {
    const both: LibraryApp[] = [];
    for (let i = 0; i < 2; i++) {
      const hubs = streaming();
      both.push(await start(hubs, FleetModule.forRoot({ name: 'shop', imports: [hubs] })));
    }
    const [one, two] = both as [LibraryApp, LibraryApp];
    const fleet = one.app.get(Fleet);
    await until(() => fleet.processes === 2 && two.app.get(Fleet).processes === 2);
    expect(fleet.process).not.toBe(two.app.get(Fleet).process);
    const clients = await Promise.all([join(one, 'ann'), join(two, 'ann'), join(two, 'bob')]);
    expect((await fleet.presenceOf('/events', ['a'])).topics['a']).toEqual({
      streams: 3,
      clients: [
        { subject: 'ann', streams: 2 },
        { subject: 'bob', streams: 1 },
      ],
    });
    expect(await fleet.closeStreamsOf('ann')).toEqual({ closed: 2, processes: 2, answered: 2 });
    await Promise.all([clients[0]?.ended(), clients[1]?.ended()]);
    // The registry counts its own, and tells the others as well.
    expect(one.registry.closeStreamsOf('bob')).toBe(0);
    expect(await clients[2]?.ended()).toBe('end');
    await two.close();
    await until(() => fleet.processes === 1);
    expect(await fleet.closeStreamsOf('ann')).toEqual({ closed: 0, processes: 1, answered: 1 });
  });

  it('accepts another presence source, bound in the module or without it', async () => {
    class Stored implements PresenceSource {
      presenceOf(name: string, topics: readonly string[]): Promise<Presence> {
        const found = { streams: topics.length, clients: [{ subject: name, streams: 1 }] };
        return Promise.resolve({ topics: { all: found }, processes: 9, answered: 9 });
      }
    }
    const provider = { provide: PRESENCE_SOURCE, useClass: Stored };
    @Module({})
    class StoreModule {}
    const hubs = streaming();
    const options = { name: 'shop', imports: [hubs], providers: [provider] };
    const global = {
      module: StoreModule,
      global: true,
      providers: [provider],
      exports: [provider],
    };
    for (const app of [
      await start(hubs, FleetModule.forRoot(options)),
      await start(streaming(), global),
    ]) {
      expect(await presenceOf(app)).toEqual({
        topics: { all: { streams: 1, clients: [{ subject: '/events', streams: 1 }] } },
        processes: 9,
        answered: 9,
      });
    }
  });

  it.each([
    [{ name: 'a b' }, 'fleet: "a b" is not a valid name'],
    [{ name: 'shop', subject: 'a.>' }, 'fleet_subject: "a.>" is not a valid subject'],
  ])('refuses %j', (options, sentence) => {
    expect(() => FleetModule.forRoot(options)).toThrow(sentence);
  });
});

it('calls the methods with @OnStream, and catches their errors', async () => {
  const seen: [string, StreamOpened | StreamClosed][] = [];

  @Injectable()
  class Visitors {
    readonly name = 'visitors';

    @OnStream('opened')
    arrived(event: StreamOpened): void {
      seen.push([this.name, event]);
    }

    @OnStream('closed')
    async left(event: StreamClosed): Promise<void> {
      seen.push([this.name, await Promise.resolve(event)]);
    }
  }

  @Injectable()
  class Failing {
    @OnStream('opened')
    throws(): void {
      throw new Error('of somebody else');
    }

    @OnStream('closed')
    rejects(): Promise<void> {
      return Promise.reject(new Error('of somebody else'));
    }
  }

  @Injectable({ scope: Scope.REQUEST })
  class OfRequest {
    @OnStream('opened')
    never(event: StreamOpened): void {
      seen.push(['request', event]);
    }
  }

  @Module({ providers: [Failing, OfRequest, Visitors] })
  class VisitorsModule {}

  const app = await start(VisitorsModule, streaming());
  const client = await join(app, 'ann');
  await until(() => seen.length === 1);
  client.abort();
  await until(() => seen.length === 2);
  const facts = { hub: '/events', topics: ['a'], subject: 'ann', stream: 1 };
  expect(seen).toEqual([
    ['visitors', { type: 'opened', ...facts }],
    [
      'visitors',
      {
        type: 'closed',
        ...facts,
        reason: 'client_context_done',
        durationMs: expect.any(Number) as unknown,
      },
    ],
  ]);
  // Streams continue.
  const next = await join(app, 'bob');
  await until(() => seen.length === 3);
  expect(app.app.get(HubRegistry).closeStreamsOf('bob')).toBe(1);
  await next.ended();
});
