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
  /** The same as a refusal may name it; see `JetStreamApi.aliasOf`. */
  readonly pullAlias: string | undefined;
  /** Deletes it on the server, now or as soon as the server can be reached. Never rejects. */
  remove(): Promise<void>;
}

/** Makes a consumer on the server. @throws NatsReadError */
export async function createConsumer(
  api: JetStreamApi,
  link: Link,
  name: string,
  options: ReaderOptions,
  limitMs: number | undefined,
): Promise<void> {
  const { stream } = options;
  const features = featuresOf(link.info?.version ?? '');
  const create = (filters: readonly string[]): Promise<unknown> => {
    const config = consumerConfig(name, options, filters, limitMs);
    return api.ask(link, createSubject(api, stream, config), {
      stream_name: stream,
      config,
      ...(features.createAction && { action: 'create' }),
    });
  };
  const filters = planFilters(options.filters, features.manyFilters);
  try {
    await create(filters);
  } catch (error) {
    // 2.9 refuses a filter outside the stream's subjects: all is read, and the caller matches.
    const foreign = error instanceof NatsReadError && error.code === FILTER_NOT_SUBSET;
    if (!foreign || filters.length === 0) throw error;
    await create([]);
  }
}

/** Deletes a consumer; false when the server could not be asked, so that it may still be there. */
export async function deleteConsumer(
  api: JetStreamApi,
  link: Link | undefined,
  stream: string,
  name: string,
): Promise<boolean> {
  try {
    await api.ask(link, api.subject('CONSUMER.DELETE', stream, name));
    return true;
  } catch (error) {
    return error instanceof NatsReadError && error.code !== undefined;
  }
}

/** With one filter the subject ends in it, so that an account can be restricted to some subjects. */
function createSubject(api: JetStreamApi, stream: string, config: ConsumerConfig): string {
  const subject = api.subject('CONSUMER.CREATE', stream, config.name);
  return config.filter_subject === undefined ? subject : `${subject}.${config.filter_subject}`;
}
