import { NatsReadError, type NatsClient, type PullReader, type StoredMessage } from '@nuts/nats';

/** Maximum number of probe consumers; each costs two API calls. */
const MOST_PROBES = 7;
/** Acceptable number of surplus messages. With fewer, another probe costs more than it saves. */
const SURPLUS = 1024;
/** Distance of the first probe, as a multiple of the wanted number, and the factor for the next ones. */
const FIRST_STRETCH = 2;
const NEXT_STRETCH = 4;
/** Headers per pull request; live messages wait for at most one such batch. */
const PULL_MESSAGES = 1000;
/** An empty pull proves nothing, so it is repeated: pause in ms, and number of attempts. */
const DRY_PAUSE_MS = 25;
const DRY_PULLS = 40;

/** Which messages to read. */
export interface NewestWanted {
  readonly stream: string;
  /** NATS subject filters; they may match more than wanted. */
  readonly filters: readonly string[];
  readonly isWanted: (subject: string) => boolean;
  readonly count: number;
  /** The stream's first sequence. */
  readonly first: number;
  /** Sequences per wanted message, if known. */
  readonly stretch?: number | undefined;
}

/**
 * Reads the newest messages of some subjects, in order, without payloads. JetStream has no API to count
 * backwards, but a new consumer reports how many messages are pending after its start. Probes that start
 * further and further back find a start with enough messages; surplus messages are skipped.
 *
 * Rejects with a `NatsReadError`.
 */
export async function readNewest(
  client: NatsClient,
  wanted: NewestWanted,
): Promise<StoredMessage[]> {
  const { stream, filters } = wanted;
  const lasts = await Promise.all(filters.map((filter) => client.lastMessage(stream, filter)));
  const last = Math.max(0, ...lasts.map((message) => message?.sequence ?? 0));
  if (last < wanted.first) return [];
  try {
    return await new NewestSearch(client, wanted, last).run();
  } catch (error) {
    if (!(error instanceof UnexpectedSubjectsError) || filters.length < 2) throw error;
  }
  // This server accepts one filter per consumer: count each filter separately.
  const found: StoredMessage[] = [];
  for (const filter of filters) {
    found.push(...(await readNewest(client, { ...wanted, filters: [filter] })));
  }
  return found.sort((a, b) => a.sequence - b.sequence).slice(-wanted.count);
}

/** The server delivers more than the filters match, so its counts are useless. */
class UnexpectedSubjectsError extends Error {}

/** How far back a probe started, and how many messages were pending. */
interface Probe {
  readonly back: number;
  readonly count: number;
}

class NewestSearch {
  /** The furthest start with too few messages, and the nearest with enough. */
  private few: Probe = { back: 0, count: 0 };
  private enough: Probe | undefined;
  private probes = 0;

  /** @param last the newest message's sequence */
  constructor(
    private readonly client: NatsClient,
    private readonly wanted: NewestWanted,
    private readonly last: number,
  ) {}

  async run(): Promise<StoredMessage[]> {
    const { count, first, stretch = FIRST_STRETCH } = this.wanted;
    const furthest = this.last - first + 1;
    let back = Math.ceil(count * stretch);
    for (;;) {
      back = Math.max(1, Math.min(back, furthest));
      const reader = await this.open(back);
      try {
        const pending = reader.pending;
        if (pending === undefined) throw new UnexpectedSubjectsError();
        this.note({ back, count: pending });
        const isEnough = pending >= count || back === furthest;
        if (isEnough && (pending - count <= SURPLUS || this.probes >= MOST_PROBES)) {
          const found = await this.read(reader);
          if (found.length >= count || back === furthest) return found;
          // Some of the counted messages have unwanted subjects.
          this.few = { back, count: found.length };
          this.enough = undefined;
        }
      } finally {
        void reader.close();
      }
      back = this.next(back);
    }
  }

  private note(probe: Probe): void {
    if (probe.count < this.wanted.count) this.few = probe;
    else this.enough = probe;
  }

  private next(back: number): number {
    const { few, enough } = this;
    const { count } = this.wanted;
    if (enough === undefined) {
      const isKnown = few.count > 0;
      const stretch = isKnown ? (1.5 * count) / few.count : 2 * NEXT_STRETCH;
      return Math.ceil(back * Math.max(NEXT_STRETCH / 2, Math.min(stretch, 4 * NEXT_STRETCH)));
    }
    if (this.probes >= MOST_PROBES - 1) return enough.back;
    const target = count + SURPLUS / 4;
    const part = (target - few.count) / Math.max(1, enough.count - few.count);
    return few.back + Math.ceil((enough.back - few.back) * Math.min(0.9, part));
  }

  private open(back: number): Promise<PullReader> {
    const { stream, filters } = this.wanted;
    this.probes++;
    return this.client.openPull({
      stream,
      start: { sequence: this.last - back + 1 },
      filters,
      headersOnly: true,
    });
  }

  private async read(reader: PullReader): Promise<StoredMessage[]> {
    const { count, isWanted, stream, filters } = this.wanted;
    let found: StoredMessage[] = [];
    let reached = 0;
    for (let dry = 0; reached < this.last; dry++) {
      const { messages } = await reader.pull(PULL_MESSAGES, 0);
      for (const { sequence, subject, timeNanos } of messages) {
        if (isWanted(subject)) found.push({ sequence, subject, timeNanos });
      }
      if (found.length > 2 * count) found = found.slice(-count);
      reached = messages.at(-1)?.sequence ?? reached;
      if (messages.length > 0) {
        dry = 0;
        continue;
      }
      const lasts = await Promise.all(
        filters.map((filter) => this.client.lastMessage(stream, filter)),
      );
      // According to the leader, the last message was deleted and nothing more will come.
      if (lasts.every((message) => (message?.sequence ?? 0) <= reached)) break;
      if (dry >= DRY_PULLS) {
        throw new NatsReadError(
          'timeout',
          `Reading ${stream}: the consumer does not deliver messages that the stream holds`,
        );
      }
      await new Promise((resolve) => setTimeout(resolve, DRY_PAUSE_MS));
    }
    return found.slice(-count);
  }
}
