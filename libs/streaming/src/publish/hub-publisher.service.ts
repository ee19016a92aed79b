import { Injectable } from '@nestjs/common';
import { type NatsClient, NatsClients, type StoredMessage } from '@nuts/nats';
import { formatEventId } from '../frames/event-id.js';
import type { Hub } from '../hub/hub.js';
import { HubRegistry } from '../hub/hub-registry.service.js';
import type { HubOptions } from '../hub/hub-options.interface.js';
import { isTopic, type TopicAlphabet } from '../topics/topic-grammar.js';
import { publishConditionally } from './publish-conditionally.js';
import { checkIdempotencyKey, type PublishConditions } from './publish-conditions.js';
import { checkHeaders } from './publish-headers.js';
import { payloadBytes } from './publish-payload.js';
import { HubPublishError } from './publish.errors.js';

/** How a message is published. */
export interface HubPublishOptions extends PublishConditions {
  /** NATS headers, such as the one of `event_type: header`. */
  readonly headers?: Readonly<Record<string, string>>;
  /**
   * 1 to 256 printable ASCII characters, sent as `Nats-Msg-Id`: within the stream's duplicate window a
   * second message with the same key is not stored.
   */
  readonly idempotencyKey?: string;
}

/** A message that the stream has stored. */
export interface Published {
  /** Its event id, as subscribers get it. */
  readonly id: string;
  /** True when it was stored before, under the same idempotency key: `id` is that of the first one. */
  readonly duplicate: boolean;
}

/**
 * Writes into the stream behind a hub, over the hub's own connection to NATS, which then needs the
 * right to publish to the hub's subjects.
 */
@Injectable()
export class HubPublisher {
  constructor(
    private readonly hubs: HubRegistry,
    private readonly clients: NatsClients,
  ) {}

  /**
   * Publishes one message and resolves when the stream has stored it. When it rejects with a
   * `NatsPublishError` of kind `unknown`, the message may be stored all the same: with an idempotency
   * key it can be published again and is stored once.
   *
   * @param hub its name or path
   * @param topic as a client asks for it: without the hub's prefix, without wildcards
   * @param payload bytes, a text, or a value that is sent as JSON
   * @throws HubPublishError when nothing was stored: an unknown hub, a topic outside the stream, a bad
   * topic, header, payload, key or condition, or a key that a message of another topic has
   * @throws NatsPublishError when NATS did not store it; of kind `conflict` when a condition failed
   * @throws NatsReadError when the stream cannot be read to check the topic or the condition
   */
  async publish(
    hub: string,
    topic: string,
    payload: unknown,
    options: HubPublishOptions = {},
  ): Promise<Published> {
    return this.store(this.find(hub), topic, payloadBytes(payload), options);
  }

  /**
   * Stores the value of a key, in a hub over a bucket: {@link publish} under the name that buckets have for
   * it. The id of the answer is the key's revision, which `ifMatch` takes.
   *
   * @throws as `publish`, and HubPublishError for a hub over a stream
   */
  async put(
    hub: string,
    key: string,
    payload: unknown,
    options: HubPublishOptions = {},
  ): Promise<Published> {
    return this.store(this.findBucket(hub), key, payloadBytes(payload), options);
  }

  /**
   * Removes a key, in a hub over a bucket: stores a delete marker, also for a key that has no value.
   * Earlier revisions stay in the bucket's history.
   *
   * @throws as `put`
   */
  async delete(hub: string, key: string, options: HubPublishOptions = {}): Promise<Published> {
    const headers = { ...options.headers, 'KV-Operation': 'DEL' };
    return this.store(this.findBucket(hub), key, new Uint8Array(0), { ...options, headers });
  }

  /** Largest message that a hub's NATS server takes, in bytes, headers included; undefined while away. */
  maxPayloadOf(hub: string): number | undefined {
    return this.clientOf(this.find(hub)).maxPayload;
  }

  private async store(
    hub: Hub,
    topic: string,
    data: Uint8Array,
    { headers, idempotencyKey, ...conditions }: HubPublishOptions,
  ): Promise<Published> {
    const { topicPrefix, stream, format, kvBucket } = hub.options;
    const isKey = kvBucket !== undefined;
    checkTopic(topic, isKey ? 'key' : 'topic');
    if (headers !== undefined) checkHeaders(headers);
    if (idempotencyKey !== undefined) checkIdempotencyKey(idempotencyKey);
    const client = this.clientOf(hub);
    // Without this, the subject may be anybody's: a service's, which would take it for a request.
    if (client.status === 'connected' && !(await hub.stores(topic))) {
      throw new HubPublishError('outside_stream', `${stream} does not take the topic ${topic}.`);
    }
    const target = { client, stream, subject: topicPrefix + topic, isKey };
    const to = publishSubject(hub.options, topic);
    const { sequence, duplicate } = await publishConditionally(target, to, data, conditions, {
      stream,
      ...(headers && { headers }),
      ...(idempotencyKey !== undefined && { messageId: idempotencyKey }),
    });
    const mayBeOther = duplicate && hub.keepsSubjects;
    const stored =
      mayBeOther || format.eventId !== 'sequence'
        ? await storedMessage(client, stream, sequence)
        : undefined;
    // The stream compares keys alone: the first message may be of another topic, and of another client.
    if (mayBeOther && stored !== undefined && stored.subject !== target.subject) {
      throw new HubPublishError(
        'reused_idempotency_key',
        'A message of another topic has this idempotency key: nothing was stored.',
      );
    }
    return {
      id: formatEventId(format.eventId, {
        sequence,
        ...(stored && { timeNanos: stored.timeNanos }),
      }),
      duplicate,
    };
  }

  private findBucket(hub: string): Hub {
    const found = this.find(hub);
    if (found.options.kvBucket !== undefined) return found;
    throw new HubPublishError('no_bucket', `The hub ${hub} is over a stream: publish to it.`);
  }

  private clientOf(hub: Hub): NatsClient {
    return this.clients.get(hub.options.nats);
  }

  private find(hub: string): Hub {
    const all = this.hubs.hubs();
    const found =
      all.find(({ options }) => options.name === hub) ??
      all.find(({ options }) => options.path === hub);
    if (found !== undefined) return found;
    const known = all.map(({ options }) => options.name).join(', ');
    throw new HubPublishError(
      'unknown_hub',
      `There is no hub ${JSON.stringify(hub)}; there are ${known || 'none'}.`,
    );
  }
}

function checkTopic(topic: string, alphabet: TopicAlphabet): void {
  if (isTopic(topic, alphabet)) return;
  const characters = alphabet === 'key' ? 'A-Z a-z 0-9 . _ - / =' : 'A-Z a-z 0-9 . _ -';
  throw new HubPublishError(
    'invalid_topic',
    `${JSON.stringify(topic)} is no ${alphabet}: 1 to 256 of ${characters}, without empty tokens.`,
  );
}

/** In a domain, the subjects of keys lead to its servers behind the prefix of its API alone. */
function publishSubject({ topicPrefix, kvBucket, nats }: HubOptions, topic: string): string {
  const { jetStreamDomain } = nats;
  const isMapped = kvBucket !== undefined && jetStreamDomain !== undefined;
  return `${isMapped ? `$JS.${jetStreamDomain}.API.` : ''}${topicPrefix}${topic}`;
}

/** The message is stored, whatever happens here: its id is good without the time, too. */
async function storedMessage(
  client: NatsClient,
  stream: string,
  sequence: number,
): Promise<StoredMessage | undefined> {
  try {
    return await client.messageAt(stream, sequence);
  } catch {
    return undefined;
  }
}
