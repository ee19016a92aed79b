import { Injectable } from '@nestjs/common';
import { type NatsClient, NatsClients } from '@nuts/nats';
import { formatEventId } from '../frames/event-id.js';
import type { Hub } from '../hub/hub.js';
import { HubRegistry } from '../hub/hub-registry.service.js';
import { isTopic } from '../topics/topic-grammar.js';
import {
  checkIdempotencyKey,
  expectedSequence,
  type PublishConditions,
} from './publish-conditions.js';
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
   * @throws HubPublishError when nothing was sent: an unknown hub, a topic outside the stream, a bad
   * topic, header, payload, key or condition
   * @throws NatsPublishError when NATS did not store it; of kind `conflict` when a condition failed
   * @throws NatsReadError when the stream cannot be read to check the topic or the condition
   */
  async publish(
    hub: string,
    topic: string,
    payload: unknown,
    options: HubPublishOptions = {},
  ): Promise<Published> {
    const found = this.find(hub);
    const { topicPrefix, stream, format } = found.options;
    const { headers, idempotencyKey } = options;
    if (!isTopic(topic)) {
      throw new HubPublishError(
        'invalid_topic',
        `${JSON.stringify(topic)} is no topic: 1 to 256 of A-Z a-z 0-9 . _ -, without empty tokens.`,
      );
    }
    if (headers !== undefined) checkHeaders(headers);
    if (idempotencyKey !== undefined) checkIdempotencyKey(idempotencyKey);
    const data = payloadBytes(payload);
    const client = this.clientOf(found);
    // Without this, the subject may be anybody's: a service's, which would take it for a request.
    if (client.status === 'connected' && !(await found.stores(topic))) {
      throw new HubPublishError('outside_stream', `${stream} does not take the topic ${topic}.`);
    }
    const lastSequence = await expectedSequence(options, client, stream);
    const { sequence, duplicate } = await client.publish(topicPrefix + topic, data, {
      stream,
      ...(headers && { headers }),
      ...(idempotencyKey !== undefined && { messageId: idempotencyKey }),
      ...(lastSequence !== undefined && { lastSequence }),
    });
    const timeNanos =
      format.eventId === 'sequence' ? undefined : await storedTime(client, stream, sequence);
    return {
      id: formatEventId(format.eventId, { sequence, ...(timeNanos && { timeNanos }) }),
      duplicate,
    };
  }

  /** Largest message that a hub's NATS server takes, in bytes, headers included; undefined while away. */
  maxPayloadOf(hub: string): number | undefined {
    return this.clientOf(this.find(hub)).maxPayload;
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

/** The message is stored, whatever happens here: its id is good without the time, too. */
async function storedTime(
  client: NatsClient,
  stream: string,
  sequence: number,
): Promise<bigint | undefined> {
  try {
    return (await client.messageAt(stream, sequence))?.timeNanos;
  } catch {
    return undefined;
  }
}
