import { Injectable } from '@nestjs/common';
import { type NatsClient, NatsClients, type StoredMessage } from '@nuts/nats';
import { formatEventId } from '../frames/event-id.js';
import type { Hub } from '../hub/hub.js';
import { HubRegistry } from '../hub/hub-registry.service.js';
import type { HubOptions } from '../hub/hub-options.interface.js';
import { isTopic, type TopicAlphabet } from '../topics/topic-grammar.js';
import { publishConditionally } from './publish-conditionally.js';
import {
  checkIdempotencyKey,
  type PublishConditions,
  type PublishTarget,
} from './publish-conditions.js';
import { checkHeaders } from './publish-headers.js';
import { payloadBytes } from './publish-payload.js';
import { HubPublishError } from './publish.errors.js';
import { isOfAnotherSubject } from './reused-key.js';

/** Options for publishing a message. */
export interface HubPublishOptions extends PublishConditions {
  /** NATS headers, for example for `event_type: header`. */
  readonly headers?: Readonly<Record<string, string>>;
  /**
   * 1 to 256 printable ASCII characters, sent as `Nats-Msg-Id`. Within the stream's duplicate window, a
   * second message with the same key is not stored.
   */
  readonly idempotencyKey?: string;
}

/** A message that the stream has stored. */
export interface Published {
  /** Its event ID, as subscribers receive it. */
  readonly id: string;
  /** Whether a message with the same idempotency key was stored before; `id` is then the first one's. */
  readonly duplicate: boolean;
}

/**
 * Publishes to the stream of a hub, over the hub's own NATS connection, which then needs publish permission
 * for the hub's subjects.
 */
@Injectable()
export class HubPublisher {
  constructor(
    private readonly hubs: HubRegistry,
    private readonly clients: NatsClients,
  ) {}

  /**
   * Publishes one message and resolves when the stream has stored it. After a `NatsPublishError` of kind
   * `unknown`, the message may have been stored: publish it again with the same idempotency key, and it is
   * stored once.
   *
   * @param hub its name or path
   * @param topic without the hub's prefix and without wildcards
   * @param payload bytes, a text, or a value that is sent as JSON
   * @throws HubPublishError if nothing was stored: an unknown hub, a topic outside the stream, an invalid
   *   topic, header, payload, key or condition, or a key already used by a message of another topic
   * @throws NatsPublishError if NATS did not store it; of kind `conflict` if a condition failed
   * @throws NatsReadError if the stream cannot be read to check the topic or the condition
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
   * Sets the value of a key in a hub over a bucket; like {@link publish}. The returned ID is the key's
   * revision, which `ifMatch` accepts.
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
   * Deletes a key in a hub over a bucket by storing a delete marker, even if the key has no value. Earlier
   * revisions stay in the bucket's history.
   *
   * @throws as `put`
   */
  async delete(hub: string, key: string, options: HubPublishOptions = {}): Promise<Published> {
    const headers = { ...options.headers, 'KV-Operation': 'DEL' };
    return this.store(this.findBucket(hub), key, new Uint8Array(0), { ...options, headers });
  }

  /**
   * The largest message that a hub's NATS server accepts, in bytes including headers; undefined while
   * disconnected.
   */
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
    // Otherwise the subject could belong to anything, for example a service that would take the message for
    // a request.
    if (client.status === 'connected' && !(await hub.stores(topic))) {
      throw new HubPublishError(
        'outside_stream',
        `The stream ${stream} does not store the topic ${topic}.`,
      );
    }
    const target = { client, stream, subject: topicPrefix + topic, isKey };
    const to = publishSubject(hub.options, topic);
    const { sequence, duplicate } = await publishConditionally(target, to, data, conditions, {
      stream,
      ...(headers && { headers }),
      ...(idempotencyKey !== undefined && { messageId: idempotencyKey }),
    });
    const mustCompare = duplicate && hub.keepsSubjects;
    const stored =
      mustCompare || format.eventId !== 'sequence'
        ? await firstMessage(target, sequence, mustCompare)
        : undefined;
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
    throw new HubPublishError(
      'no_bucket',
      `The hub ${hub} serves a stream, not a bucket: use publish().`,
    );
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
      `Unknown hub ${JSON.stringify(hub)}. Known hubs: ${known || 'none'}.`,
    );
  }
}

function checkTopic(topic: string, alphabet: TopicAlphabet): void {
  if (isTopic(topic, alphabet)) return;
  const characters = alphabet === 'key' ? 'A-Z a-z 0-9 . _ - / =' : 'A-Z a-z 0-9 . _ -';
  throw new HubPublishError(
    'invalid_topic',
    `${JSON.stringify(topic)} is not a valid ${alphabet}: use 1 to 256 of ${characters}, without empty tokens.`,
  );
}

/** In a JetStream domain, keys can be published only below the prefix of the domain's API. */
function publishSubject({ topicPrefix, kvBucket, nats }: HubOptions, topic: string): string {
  const { jetStreamDomain } = nats;
  const isMapped = kvBucket !== undefined && jetStreamDomain !== undefined;
  return `${isMapped ? `$JS.${jetStreamDomain}.API.` : ''}${topicPrefix}${topic}`;
}

/**
 * The message at the acknowledged sequence. It is stored in any case, and its ID is valid without the time:
 * undefined if it cannot be read.
 *
 * @param mustCompare whether it may have another subject
 * @throws HubPublishError if it has
 */
async function firstMessage(
  target: PublishTarget,
  sequence: number,
  mustCompare: boolean,
): Promise<StoredMessage | undefined> {
  let stored: StoredMessage | undefined;
  let isOther: boolean;
  try {
    stored = await target.client.messageAt(target.stream, sequence);
    isOther = mustCompare && (await isOfAnotherSubject(target, sequence, stored));
  } catch {
    return stored;
  }
  if (!isOther) return stored;
  throw new HubPublishError(
    'reused_idempotency_key',
    'A message of another topic has this idempotency key. Nothing was stored; use another key.',
  );
}
