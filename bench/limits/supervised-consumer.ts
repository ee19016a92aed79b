import {
  AckPolicy,
  DeliverPolicy,
  type JetStreamManager,
  type JsMsg,
  type NatsConnection,
  nanos,
} from 'nats';

const PREFETCH = 1000;
const IDLE_HEARTBEAT_MS = 5000;

/**
 * The bare supervised consumer: named, ephemeral, made at the last delivered sequence + 1, and made
 * again when it is lost or skips. What any correct reader of a stream does, and nothing more.
 *
 * @param take returns true when it needs no more messages
 */
export async function followStream(
  connection: NatsConnection,
  stream: string,
  filter: string,
  after: number,
  take: (message: JsMsg) => boolean,
): Promise<void> {
  const manager = await connection.jetstreamManager();
  let position = after;
  for (let round = 0; !connection.isClosed(); round++) {
    const name = `limit_${process.pid}_${round}_${Math.random().toString(36).slice(2)}`;
    await create(manager, stream, name, filter, position + 1);
    try {
      const consumer = await connection.jetstream().consumers.get(stream, name);
      const messages = await consumer.consume({
        max_messages: PREFETCH,
        idle_heartbeat: IDLE_HEARTBEAT_MS,
        abort_on_missing_resource: true,
      });
      let expected = 1;
      for await (const message of messages) {
        if (message.info.deliverySequence !== expected++) break;
        position = message.seq;
        if (take(message)) return;
      }
    } finally {
      await manager.consumers.delete(stream, name).catch(() => undefined);
    }
  }
}

async function create(
  manager: JetStreamManager,
  stream: string,
  name: string,
  filter: string,
  from: number,
): Promise<void> {
  await manager.consumers.add(stream, {
    name,
    ack_policy: AckPolicy.None,
    deliver_policy: DeliverPolicy.StartSequence,
    opt_start_seq: from,
    filter_subject: filter,
    mem_storage: true,
    num_replicas: 1,
    inactive_threshold: nanos(30_000),
  });
}
