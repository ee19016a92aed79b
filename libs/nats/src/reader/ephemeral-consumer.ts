import { nuid } from 'nats';
import type { Link } from '../connection/link.js';
import { FILTER_NOT_SUBSET } from '../jetstream/api-errors.js';
import { planFilters } from '../jetstream/filter-plan.js';
import type { JetStreamApi } from '../jetstream/jetstream-api.js';
import { featuresOf } from '../jetstream/server-version.js';
import type { ReaderOptions } from '../nats-client.interface.js';
import { NatsReadError } from '../nats.errors.js';
import { consumerConfig, type ConsumerConfig } from './consumer-config.js';

/** A consumer on the server, made for one reader and deleted by it. */
export interface EphemeralConsumer {
  readonly name: string;
  /** Where pulls are published to. */
  readonly pullSubject: string;
  /** Deletes it on the server, as far as that can be done now. Never rejects. */
  remove(): Promise<void>;
}

/** @throws NatsReadError */
export async function createConsumer(
  api: JetStreamApi,
  link: Link,
  options: ReaderOptions,
  limitMs: number | undefined,
): Promise<EphemeralConsumer> {
  const { stream } = options;
  const name = `nuts_${nuid.next()}`;
  const features = featuresOf(link.info?.version ?? '');
  const pullSubject = api.subject('CONSUMER.MSG.NEXT', stream, name);
  const create = (filters: readonly string[]): Promise<unknown> => {
    const config = consumerConfig(name, options, filters, limitMs);
    return api.ask(link, createSubject(api, stream, config), {
      stream_name: stream,
      config,
      ...(features.createAction && { action: 'create' }),
    });
  };
  const remove = async (): Promise<void> => {
    try {
      await api.ask(link, api.subject('CONSUMER.DELETE', stream, name));
    } catch {
      // Gone already, or out of reach: then the server drops it after its inactive threshold.
    }
  };
  try {
    const filters = planFilters(options.filters, features.manyFilters);
    await create(filters).catch((error: unknown) => {
      // 2.9 refuses a filter outside the stream's subjects: all is read, and the caller matches.
      const foreign = error instanceof NatsReadError && error.code === FILTER_NOT_SUBSET;
      if (!foreign || filters.length === 0) throw error;
      return create([]);
    });
  } catch (error) {
    // The answer may be late rather than missing, and the consumer there.
    if (error instanceof NatsReadError && error.kind === 'timeout') void remove();
    throw error;
  }
  return { name, pullSubject, remove };
}

/** With one filter the subject ends in it, so that an account can be restricted to some subjects. */
function createSubject(api: JetStreamApi, stream: string, config: ConsumerConfig): string {
  const subject = api.subject('CONSUMER.CREATE', stream, config.name);
  return config.filter_subject === undefined ? subject : `${subject}.${config.filter_subject}`;
}
