import { setTimeout as pause } from 'node:timers/promises';
import type { ConsumerInfo } from 'nats';
import type { NatsServer } from '../support/nats/index.js';
import type { TcpProxy } from '../support/tcp-proxy.js';
import type { Broker } from './broker.js';
import type { Random } from './random.js';

/** The targets of faults. */
export interface Victims {
  readonly server: NatsServer;
  /** The link between the service and NATS. */
  readonly link: TcpProxy;
  readonly broker: Broker;
  readonly clients: readonly { drop(): void }[];
}

/** One kind of fault: injects and reverts it; false if there was no target. */
export type Fault = (victims: Victims, random: Random) => Promise<boolean>;

/** All faults. Each one is reverted at its end, so that the next one affects a system that recovers. */
export const FAULTS: Readonly<Record<string, Fault>> = {
  async kill({ server }, random) {
    await server.kill();
    await pause(random.between(0, 400));
    await server.restart();
    return true;
  },
  async freeze({ server }, random) {
    await server.freeze();
    await pause(random.between(50, 1800));
    await server.thaw();
    return true;
  },
  async blackHole({ link }, random) {
    link.blackHole();
    await pause(random.between(50, 2500));
    link.restore();
    return true;
  },
  async blackHoleThenCut({ link }, random) {
    link.blackHole();
    await pause(random.between(50, 1500));
    link.cut();
    link.restore();
    return true;
  },
  async cut({ link }, random) {
    link.cut();
    await pause(random.between(0, 500));
    link.restore();
    return true;
  },
  async tailDeleted({ broker }, random) {
    return deleteOne(broker, random, isTail);
  },
  async replayDeleted({ broker }, random) {
    return deleteOne(broker, random, (consumer) => !isTail(consumer));
  },
  clientsDropped({ clients }, random) {
    for (const client of clients) if (random.next() < 0.7) client.drop();
    return Promise.resolve(true);
  },
};

/** A tail reads the whole prefix, as some replays do; but it always waits for more. */
function isTail({ config, num_waiting: waiting }: ConsumerInfo): boolean {
  const { filter_subject: filter, filter_subjects: several } = config;
  return several === undefined && (filter ?? 'events.>') === 'events.>' && waiting > 0;
}

async function deleteOne(
  broker: Broker,
  random: Random,
  fits: (consumer: ConsumerInfo) => boolean,
): Promise<boolean> {
  // Replays are short, so this waits for one.
  for (let attempt = 0; attempt < 100; attempt++) {
    const consumers = await broker.consumers().catch(() => []);
    const fitting = consumers.filter(fits);
    if (fitting.length > 0 && (await broker.deleteConsumer(random.pick(fitting).name))) return true;
    await pause(10);
  }
  return false;
}
