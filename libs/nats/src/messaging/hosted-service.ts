import { Observable } from 'rxjs';
import type { Link } from '../connection/link.js';
import type { NatsServiceDefinition } from './nats-messaging.interface.js';

/** Runs a service instance on one link until unsubscribed; emits the instance's ID. */
export function hostService(link: Link, service: NatsServiceDefinition): Observable<string> {
  return new Observable((observer) => {
    let isOver = false;
    let stop = (): void => undefined;
    void start(link, service).then(
      (instance) => {
        if (isOver) return instance.stop();
        stop = () => instance.stop();
        observer.next(instance.id);
      },
      // The link was lost; the next one starts another instance.
      () => undefined,
    );
    return () => {
      isOver = true;
      stop();
    };
  });
}

async function start(
  link: Link,
  definition: NatsServiceDefinition,
): Promise<{ readonly id: string; stop(): void }> {
  const { name, version, description, metadata, endpoints, stats } = definition;
  const service = await link.addService({
    name,
    version,
    description,
    metadata: { ...metadata },
    ...(stats && { statsHandler: () => Promise.resolve(stats()) }),
  });
  for (const endpoint of endpoints) {
    service.addEndpoint(endpoint.name, {
      subject: endpoint.subject,
      ...(endpoint.queue !== undefined && { queue: endpoint.queue }),
      handler: (error, message) => {
        if (error !== null) return;
        endpoint.handle({
          subject: message.subject,
          data: message.data,
          ...(message.reply && { reply: message.reply }),
          respond: (data) => (message.reply ? link.offer(message.reply, data) : false),
          fail: (code, text) => link.alive && message.respondError(code, text),
        });
      },
    });
  }
  // Draining needs a response from the server, which may be disconnected.
  return { id: service.info().id, stop: () => void service.stop().catch(() => undefined) };
}
