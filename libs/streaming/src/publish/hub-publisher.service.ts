import { Injectable } from '@nestjs/common';
import { NatsClients } from '@nuts/nats';
import type { HubOptions } from '../hub/hub-options.interface.js';
import { HubRegistry } from '../hub/hub-registry.service.js';
import { isTopic } from '../topics/topic-grammar.js';
import { checkHeaders } from './publish-headers.js';
import { payloadBytes } from './publish-payload.js';
import { HubPublishError } from './publish.errors.js';

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
   * `NatsReadError` of kind `timeout` or `disconnected`, the message may be stored all the same:
   * with a header `Nats-Msg-Id` it can be published again and is stored once.
   *
   * @param hub its name or path
   * @param topic as a client asks for it: without the hub's prefix, without wildcards
   * @param payload bytes, a text, or a value that is sent as JSON
   * @param headers NATS headers, such as the one of `event_type: header`
   * @returns the stored sequence: the message's event id
   * @throws HubPublishError for an unknown hub, a bad topic, header or payload
   */
  async publish(
    hub: string,
    topic: string,
    payload: unknown,
    headers?: Readonly<Record<string, string>>,
  ): Promise<number> {
    const { nats, topicPrefix } = this.optionsOf(hub);
    if (!isTopic(topic)) {
      throw new HubPublishError(
        'invalid_topic',
        `${JSON.stringify(topic)} is no topic: 1 to 256 of A-Z a-z 0-9 . _ -, without empty tokens.`,
      );
    }
    if (headers !== undefined) checkHeaders(headers);
    const subject = topicPrefix + topic;
    return this.clients.get(nats).publish(subject, payloadBytes(payload), headers);
  }

  private optionsOf(hub: string): HubOptions {
    const all = this.hubs.hubs().map(({ options }) => options);
    const found = all.find(({ name }) => name === hub) ?? all.find(({ path }) => path === hub);
    if (found !== undefined) return found;
    const known = all.map(({ name }) => name).join(', ');
    throw new HubPublishError(
      'unknown_hub',
      `There is no hub ${JSON.stringify(hub)}; there are ${known || 'none'}.`,
    );
  }
}
