import { nuid } from 'nats';
import type { Link } from '../connection/link.js';
import type { JetStreamApi } from '../jetstream/jetstream-api.js';
import { NatsReadError } from '../nats.errors.js';
import {
  createConsumer,
  createWith,
  deleteConsumer,
  type ChosenConsumer,
  type ConsumerOrder,
  type CreatedConsumer,
} from './create-consumer.js';
import type { EphemeralConsumer } from './ephemeral-consumer.js';

const MAX_ORPHANS = 1000;

/**
 * The consumers of one client. If a server is lost while its consumer is read, the consumer is deleted
 * after the next connect. A stream allows a thousand consumers, and a reconnect storm could otherwise use
 * them up until the inactive threshold is over.
 */
export class ConsumerRegistry {
  private readonly open = new Set<EphemeralConsumer>();
  /** Stream by consumer name. */
  private readonly orphans = new Map<string, string>();

  /** @param liveLink - the current connection, which deletes consumers of earlier ones too. */
  constructor(
    private readonly api: JetStreamApi,
    private readonly liveLink: () => Link | undefined,
  ) {}

  /** @throws NatsReadError */
  async create(link: Link, wanted: Omit<ConsumerOrder, 'name'>): Promise<EphemeralConsumer> {
    const name = `nuts_${nuid.next()}`;
    const { options } = wanted;
    const { stream } = options;
    const order = { ...wanted, name };
    const pullSubject = this.api.subject('CONSUMER.MSG.NEXT', stream, name);
    const remove = (): Promise<void> => this.delete(stream, name);
    let made: ChosenConsumer;
    try {
      made = await createConsumer(this.api, link, order);
    } catch (error) {
      // The response may be late or lost instead of missing, so the consumer may exist.
      const { kind } = error as { kind?: string };
      if (kind === 'timeout' || kind === 'disconnected') void remove();
      throw error;
    }
    let removed: Promise<void> | undefined;
    const consumer: EphemeralConsumer = {
      stream,
      name,
      pullSubject,
      pullAlias: this.api.aliasOf(pullSubject),
      goodFor: made.goodFor,
      maxBatch: made.answer.config?.max_batch || Infinity,
      pending: isWider(made.filters, options.filters) ? undefined : made.answer.num_pending,
      isLost: async () => {
        const isLost = await this.isLost(link, order, made);
        // The check recreated it; its reader may have deleted it since.
        if (isLost && removed !== undefined) await remove();
        return isLost;
      },
      remove: () => {
        this.open.delete(consumer);
        removed ??= remove();
        return removed;
      },
    };
    this.open.add(consumer);
    return consumer;
  }

  /** Deletes the consumers of earlier connections; called after a connect. */
  async sweep(): Promise<void> {
    const orphans = [...this.orphans];
    this.orphans.clear();
    // One after another: this is not urgent, and a new connection has other work.
    for (const [name, stream] of orphans) await this.delete(stream, name);
  }

  async removeAll(): Promise<void> {
    await Promise.all([...this.open].map((consumer) => consumer.remove()));
  }

  /** Checks by creating it again, which needs no further permissions and does not change an existing consumer. */
  private async isLost(link: Link, order: ConsumerOrder, made: CreatedConsumer): Promise<boolean> {
    try {
      const { answer } = await createWith(this.api, link, order, made.filters);
      return answer.created !== made.answer.created;
    } catch (error) {
      return error instanceof NatsReadError && error.code !== undefined;
    }
  }

  private async delete(stream: string, name: string): Promise<void> {
    for (let tried: Link | undefined; ;) {
      const link = this.liveLink();
      if (link === undefined || link === tried) break;
      if (await deleteConsumer(this.api, link, stream, name)) return;
      // The connection may have been replaced: then try the new one.
      tried = link;
    }
    if (this.orphans.size < MAX_ORPHANS) this.orphans.set(name, stream);
  }
}

/** Whether the server reads subjects that were not requested. */
function isWider(sent: readonly string[], asked: readonly string[]): boolean {
  if (sent.length === 0) return asked.length > 0 && !asked.includes('>');
  return !sent.every((filter) => asked.includes(filter));
}
