import { setImmediate as turn } from 'node:timers/promises';
import type { NutsServer } from '../../src/server/nuts-server.js';
import type { Random } from '../chaos/random.js';
import type { ContractStream } from '../contract/contract-app.js';
import { until } from '../support/until.js';
import { GzipClient } from './gzip-client.js';

/** One client of a history: its start, and whether it was cut off. */
export interface HistoryClient {
  readonly client: GzipClient;
  readonly after: number;
  isCut: boolean;
}

/** The result of a history. */
export interface History {
  readonly clients: readonly HistoryClient[];
  /** Sequences of all messages. */
  readonly sent: readonly number[];
}

/**
 * Clients of one topic that come with and without a cursor, stall, go on and are cut off, while
 * messages of all sizes are published. At the end all that are left have everything.
 */
export async function randomHistory(
  stream: ContractStream,
  app: NutsServer,
  random: Random,
  steps: number,
): Promise<History> {
  const clients: HistoryClient[] = [];
  const sent: number[] = [];
  const alive = (): HistoryClient[] => clients.filter(({ isCut }) => !isCut);
  const publish = async (): Promise<void> => {
    const count = random.next() < 0.2 ? random.between(30, 80) : random.between(1, 3);
    const all = Array.from({ length: count }, () => stream.publish('history', payload(random)));
    sent.push(...(await Promise.all(all)));
  };
  const join = async (): Promise<void> => {
    const cursor = random.next() < 0.5 && sent.length > 0 ? random.pick(sent) : undefined;
    const query = cursor === undefined ? '' : `&last-id=${cursor}`;
    const client = await GzipClient.open(`${app.url}/events?topic=history${query}`);
    const connected = await client.frame(({ event }) => event === 'connected');
    clients.push({ client, after: Number(connected.id), isCut: false });
  };
  await publish();
  for (let step = 0; step < steps; step++) {
    const one = alive().length > 0 ? random.pick(alive()) : undefined;
    const dice = random.between(0, 9);
    if (one === undefined || (dice === 0 && alive().length < 14)) await join();
    else if (dice === 1) one.client.pause();
    else if (dice === 2) one.client.resume();
    else if (dice === 3 && step % 3 === 0) {
      one.isCut = true;
      one.client.abort();
    } else await publish();
    if (random.next() < 0.3) await turn();
  }
  for (const { client } of alive()) client.resume();
  const last = sent.reduce((a, b) => Math.max(a, b), 0);
  await until(
    () => alive().every(({ client, after }) => after >= last || client.ids.at(-1) === last),
    {
      what: () =>
        `${last}; have: ${alive()
          .map(({ client }) => client.ids.at(-1))
          .join()}`,
      timeoutMs: 20_000,
    },
  );
  return { clients, sent };
}

/** Mostly typical dashboard payloads; some large ones, and some that cannot be compressed. */
function payload(random: Random): string {
  const price = { bid: random.between(10_000, 10_099) / 1e4, name: 'EUR/USD', venue: 'a venue' };
  if (random.next() < 0.03) return JSON.stringify({ ...price, rows: Array(2_000).fill(price) });
  if (random.next() < 0.1) {
    const noise = Array.from({ length: 300 }, () => random.between(0, 1e9).toString(36));
    return JSON.stringify({ ...price, noise });
  }
  return JSON.stringify(price);
}
