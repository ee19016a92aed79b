import type { Link } from '../connection/link.js';
import { FILTER_NOT_SUBSET } from '../jetstream/api-errors.js';
import { isFilterSlow, WORTH_READING_ALL } from '../jetstream/filter-cost.js';
import { coversAll, planFilters } from '../jetstream/filter-plan.js';
import type { JetStreamApi } from '../jetstream/jetstream-api.js';
import { lookUpAtLeader } from '../jetstream/message-lookup.js';
import { featuresOf } from '../jetstream/server-version.js';
import type { StreamFacts } from '../nats-client.interface.js';
import { NatsReadError } from '../nats.errors.js';
import { consumerConfig, type ConsumerConfig, type PlacedOptions } from './consumer-config.js';

/** The consumer to create. */
export interface ConsumerOrder {
  readonly name: string;
  readonly options: PlacedOptions;
  /** The latest stream info, if known. */
  readonly facts: StreamFacts | undefined;
  /** It is read continuously, so that superfluous messages cost permanently. */
  readonly endless: boolean;
}

/** The parts of a `CONSUMER.CREATE` response that are used. */
interface ConsumerAnswer {
  readonly created: string;
  readonly config?: { readonly max_batch?: number };
  readonly num_pending: number;
  readonly delivered: { readonly stream_seq: number };
}

/** A created consumer. */
export interface CreatedConsumer {
  readonly filters: readonly string[];
  readonly answer: ConsumerAnswer;
}

/** The consumer to read. */
export interface ChosenConsumer extends CreatedConsumer {
  /** Number of messages after which the choice must be made again, with a new consumer. */
  readonly goodFor: number;
}

/** Creates a consumer, as narrow as is correct and cheap. @throws NatsReadError */
export async function createConsumer(
  api: JetStreamApi,
  link: Link,
  order: ConsumerOrder,
): Promise<ChosenConsumer> {
  const { manyFilters, slowFilters } = featuresOf(link.info?.version ?? '');
  const { options, facts, endless, name } = order;
  const filters = planFilters(options.filters, manyFilters);
  const everything = async (): Promise<ChosenConsumer> => ({
    ...(await createWith(api, link, order, [])),
    goodFor: Infinity,
  });
  const [filter] = filters;
  if (slowFilters && endless && facts && filter && coversAll(filter, facts)) return everything();
  const narrow = await createOrWiden(api, link, order, filters);
  // The newest messages of all subjects would be more than those of the wanted ones.
  const isShort = 'lastPerSubject' in options.start;
  if (!slowFilters || endless || isShort) return { ...narrow, goodFor: Infinity };
  const { isSlow, goodFor } = await judge(api, link, order, narrow);
  const isGone = isSlow && (await deleteConsumer(api, link, options.stream, name));
  return isGone ? everything() : { ...narrow, goodFor };
}

/**
 * Creates it with these filters. Repeating the call does not change an existing consumer and returns it.
 *
 * @throws NatsReadError
 */
export async function createWith(
  api: JetStreamApi,
  link: Link,
  { name, options, facts }: ConsumerOrder,
  filters: readonly string[],
): Promise<CreatedConsumer> {
  const { createAction } = featuresOf(link.info?.version ?? '');
  const config = consumerConfig(name, options, filters, facts?.maxInactiveThresholdMs);
  const answer = await api.ask<ConsumerAnswer>(link, createSubject(api, options.stream, config), {
    stream_name: options.stream,
    config,
    ...(createAction && { action: 'create' }),
  });
  return { filters, answer };
}

/** Deletes a consumer; false if the server could not be reached, so that it may still exist. */
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

/** 2.9 rejects a filter outside the stream's subjects: read everything, and the caller filters. */
async function createOrWiden(
  api: JetStreamApi,
  link: Link,
  order: ConsumerOrder,
  filters: readonly string[],
): Promise<CreatedConsumer> {
  try {
    return await createWith(api, link, order, filters);
  } catch (error) {
    const foreign = error instanceof NatsReadError && error.code === FILTER_NOT_SUBSET;
    if (!foreign || filters.length === 0) throw error;
    return createWith(api, link, order, []);
  }
}

/** The cost of a filter on a server where it can be slow. */
async function judge(
  api: JetStreamApi,
  link: Link,
  { options, facts }: ConsumerOrder,
  { filters: [filter], answer }: CreatedConsumer,
): Promise<{ isSlow: boolean; goodFor: number }> {
  const harmless = { isSlow: false, goodFor: Infinity };
  if (filter === undefined || facts?.storage !== 'file') return harmless;
  const matching = answer.num_pending;
  // Few matches now can become many during the read.
  if (matching <= WORTH_READING_ALL) return { isSlow: false, goodFor: WORTH_READING_ALL };
  const look = lookUpAtLeader(api, link, options.stream, { last_by_subj: filter });
  const last = await look.catch(() => undefined);
  if (last === undefined) return harmless;
  const span = last.sequence - answer.delivered.stream_seq;
  return { isSlow: isFilterSlow({ matching, span }, facts), goodFor: Infinity };
}

/** With one filter, the API subject ends with it, so that accounts can be restricted to some subjects. */
function createSubject(api: JetStreamApi, stream: string, config: ConsumerConfig): string {
  const subject = api.subject('CONSUMER.CREATE', stream, config.name);
  return config.filter_subject === undefined ? subject : `${subject}.${config.filter_subject}`;
}
