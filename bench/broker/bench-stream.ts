import {
  connect,
  type JetStreamManager,
  type NatsConnection,
  RetentionPolicy,
  StorageType,
} from 'nats';
import { pause } from '../programs/until.js';
import { dueMs, STREAM, SUBJECTS, topicInTurn } from './messages.js';

/** Messages that are published before the connection is flushed, because it queues them. */
const FLUSH_EVERY = 2000;

/** What was published. */
export interface Published {
  /** Unix time in ms just before the first message. */
  readonly beganMs: number;
  /** Stream sequence of the last message. */
  readonly last: number;
}

/** The same bytes in every message, or those of each number. */
export type Payload = Buffer | ((number: number) => Buffer);

/** The stream of the benchmark: filled here, read by the programs under test. */
export class BenchStream {
  private constructor(
    private readonly connection: NatsConnection,
    private readonly manager: JetStreamManager,
  ) {}

  /** Creates the stream in memory, so that no disk is measured, or uses the existing one. */
  static async open(url: string): Promise<BenchStream> {
    const connection = await connect({ servers: url, name: 'nuts-bench' });
    const manager = await connection.jetstreamManager();
    await manager.streams.add({
      name: STREAM,
      subjects: [SUBJECTS],
      storage: StorageType.Memory,
      retention: RetentionPolicy.Limits,
      allow_direct: true,
    });
    return new BenchStream(connection, manager);
  }

  get serverVersion(): string {
    return this.connection.info?.version ?? '';
  }

  async empty(): Promise<void> {
    await this.manager.streams.purge(STREAM);
  }

  async last(): Promise<number> {
    return (await this.manager.streams.info(STREAM)).state.last_seq;
  }

  /** The first retained sequence, and the last one of a topic, or of the stream. */
  async bounds(topic?: string): Promise<{ first: number; last: number }> {
    const { state } = await this.manager.streams.info(STREAM);
    if (topic === undefined) return { first: state.first_seq, last: state.last_seq };
    const { seq } = await this.manager.streams.getMessage(STREAM, { last_by_subj: topic });
    return { first: state.first_seq, last: seq };
  }

  /** As fast as the server accepts them, rotating through the topics. */
  async burst(topics: readonly string[], count: number, payload: Payload): Promise<Published> {
    const before = await this.last();
    const beganMs = performance.timeOrigin + performance.now();
    for (let number = 0; number < count; number++) {
      this.connection.publish(topicInTurn(number, topics), bytesOf(payload, number));
      if (number % FLUSH_EVERY === FLUSH_EVERY - 1) await this.connection.flush();
    }
    await this.connection.flush();
    return { beganMs, last: await this.stored(before + count) };
  }

  /** At a steady rate, until the count is reached. Late messages are published at once. */
  async paced(
    topics: readonly string[],
    perSecond: number,
    count: number,
    payload: Payload,
  ): Promise<Published> {
    const before = await this.last();
    const beganMs = performance.timeOrigin + performance.now();
    const began = performance.now();
    for (let number = 0; number < count; number++) {
      const wait = dueMs(number, perSecond) - (performance.now() - began);
      if (wait > 0) await pause(wait);
      this.connection.publish(topicInTurn(number, topics), bytesOf(payload, number));
    }
    await this.connection.flush();
    return { beganMs, last: await this.stored(before + count) };
  }

  /** Counts the consumers that are created on the stream, until the returned function is called. */
  async countConsumers(): Promise<() => Promise<number>> {
    let created = 0;
    const advisories = this.connection.subscribe(
      `$JS.EVENT.ADVISORY.CONSUMER.CREATED.${STREAM}.>`,
      {
        callback: () => void created++,
      },
    );
    await this.connection.flush();
    return async () => {
      await this.connection.flush();
      advisories.unsubscribe();
      return created;
    };
  }

  async close(): Promise<void> {
    await this.connection.close();
  }

  /** Core NATS has no acknowledgments, so the stream is asked whether it has everything. */
  private async stored(last: number): Promise<number> {
    for (let tries = 0; tries < 1000; tries++) {
      if ((await this.last()) >= last) return last;
      await pause(5);
    }
    throw new Error(`the stream did not store everything up to ${last}`);
  }
}

function bytesOf(payload: Payload, number: number): Buffer {
  return typeof payload === 'function' ? payload(number) : payload;
}
