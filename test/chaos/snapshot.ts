import { createInbox, type Msg } from 'nats';
import type { Broker } from './broker.js';

/** A stream's backup: the server's data and its metadata. */
export interface Snapshot {
  readonly config: unknown;
  readonly state: unknown;
  readonly chunks: readonly Uint8Array[];
}

interface ApiAnswer {
  readonly error?: { readonly description: string };
  readonly config?: unknown;
  readonly state?: unknown;
  readonly deliver_subject?: string;
}

/** Takes a backup of a stream through the JetStream API; the client library has no call for it. */
export async function snapshot(broker: Broker, stream: string): Promise<Snapshot> {
  const inbox = createInbox();
  const chunks: Uint8Array[] = [];
  const { connection } = broker;
  const ended = new Promise<void>((resolve) => {
    const subscription = connection.subscribe(inbox, {
      callback: (_, message: Msg) => {
        if (message.data.length === 0) {
          subscription.unsubscribe();
          resolve();
          return;
        }
        chunks.push(message.data.slice());
        if (message.reply) connection.publish(message.reply);
      },
    });
  });
  const { config, state } = await ask(broker, `STREAM.SNAPSHOT.${stream}`, {
    deliver_subject: inbox,
    no_consumers: true,
  });
  await ended;
  return { config, state, chunks };
}

/** Restores a backup. The stream must not exist. */
export async function restore(broker: Broker, stream: string, backup: Snapshot): Promise<void> {
  const { config, state } = backup;
  const answer = await ask(broker, `STREAM.RESTORE.${stream}`, { config, state });
  const subject = answer.deliver_subject ?? '';
  for (const chunk of backup.chunks) await broker.connection.request(subject, chunk);
  const { data } = await broker.connection.request(subject, '', { timeout: 10_000 });
  failOn(JSON.parse(new TextDecoder().decode(data)) as ApiAnswer);
}

async function ask({ connection }: Broker, verb: string, body: object): Promise<ApiAnswer> {
  const { data } = await connection.request(`$JS.API.${verb}`, JSON.stringify(body), {
    timeout: 10_000,
  });
  const answer = JSON.parse(new TextDecoder().decode(data)) as ApiAnswer;
  failOn(answer);
  return answer;
}

function failOn({ error }: ApiAnswer): void {
  if (error !== undefined) throw new Error(error.description);
}
