import type { HubRegistry, TopicPresence } from '@nuts/streaming';
import { Subject } from 'rxjs';
import type { FleetBus } from '../bus/fleet-bus.service.js';
import type { Membership } from '../members/membership.service.js';
import { FleetPresenceSource } from './fleet.presence-source.js';

/** As documented in docs/bounds.md. */
const MAX_INQUIRIES = 1000;

/** A question that the other process received. */
interface Sent {
  readonly topics: readonly string[];
  readonly reply: string;
}

describe('the questions of a fleet', () => {
  let sent: Sent[];
  let source: FleetPresenceSource;
  const messages = new Subject<{ subject: string; data: Uint8Array }>();
  const one: TopicPresence = { streams: 1, clients: [] };

  beforeEach(() => {
    jest.useFakeTimers();
    sent = [];
    const bus: Partial<FleetBus> = {
      process: 'me',
      subjects: {
        presence: 'fleet.presence',
        to: (process: string, key: string) => `fleet.${process}.${key}`,
      } as FleetBus['subjects'],
      mine: () => messages as unknown as ReturnType<FleetBus['mine']>,
      send: (_subject, { topics }: { topics: string[] }, reply = '') =>
        sent.push({ topics, reply }) > 0,
    };
    const members: Partial<Membership> = { others: () => ['other'] };
    const registry: Partial<HubRegistry> = {
      presenceOf: (_hub, topics) => Promise.resolve(new Map(topics.map((topic) => [topic, one]))),
    };
    source = new FleetPresenceSource(
      bus as FleetBus,
      members as Membership,
      registry as HubRegistry,
    );
    source.onApplicationBootstrap();
  });
  afterEach(() => {
    source.beforeApplicationShutdown();
    jest.useRealTimers();
  });

  const answer = ({ topics: [topic = ''], reply }: Sent): void => {
    const body = { process: 'other', topics: { [topic]: { streams: 2, clients: [] } } };
    messages.next({ subject: reply, data: Buffer.from(JSON.stringify(body)) });
  };

  it('beyond 1 000 are answered by this process alone, at once, and say so', async () => {
    const asked = Array.from({ length: MAX_INQUIRIES }, (_, i) =>
      source.presenceOf('/events', [`t${i}`]),
    );
    expect(sent).toHaveLength(MAX_INQUIRIES);
    await expect(source.presenceOf('/events', ['one more'])).resolves.toEqual({
      topics: { 'one more': one },
      processes: 2,
      answered: 1,
    });
    expect(sent).toHaveLength(MAX_INQUIRIES);
    expect(jest.getTimerCount()).toBe(MAX_INQUIRIES);
    // An answered question frees capacity for the next one.
    sent.slice(0, 1).forEach(answer);
    await expect(asked[0]).resolves.toMatchObject({ topics: { t0: { streams: 3 } }, answered: 2 });
    const next = source.presenceOf('/events', ['next']);
    expect(sent).toHaveLength(MAX_INQUIRIES + 1);
    jest.advanceTimersByTime(300);
    await expect(next).resolves.toMatchObject({ processes: 2, answered: 1 });
    await Promise.all(asked);
    expect(jest.getTimerCount()).toBe(0);
  });

  it('that are the same at the same time are one', async () => {
    const asked = Array.from({ length: 3000 }, () => source.presenceOf('/events', ['a']));
    expect(sent).toHaveLength(1);
    sent.forEach(answer);
    for (const presence of await Promise.all(asked)) expect(presence.answered).toBe(2);
  });
});
