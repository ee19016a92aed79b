import { Injectable } from '@nestjs/common';
import { map, Observable } from 'rxjs';
import type { Reply } from './replies/reply.interface.js';
import { isReserved, isSubject } from './request/subject.js';
import type { Service } from './service/service.js';
import { ServiceRegistry } from './service/service-registry.service.js';

/** Sends requests to services from the application's own code, within the same limits as over HTTP. */
@Injectable()
export class ServiceRequests {
  constructor(private readonly services: ServiceRegistry) {}

  /**
   * Sends the request on subscription and emits every reply until the service ends its answer;
   * unsubscribing ends the request. Errors with a `RequestFailure`.
   *
   * @param service its name or path
   * @param subject without the prefix
   * @param payload bytes, a text, or a value that is sent as JSON
   * @throws TypeError for an unknown service or an invalid subject
   */
  ask(service: string, subject: string, payload: unknown): Observable<Reply> {
    const found = this.serviceOf(service);
    const { subjectPrefix, nats } = found.options;
    if (!isSubject(subject) || isReserved(subjectPrefix + subject, nats.inboxPrefix)) {
      throw new TypeError(`${JSON.stringify(subject)} is not a subject of the service ${service}`);
    }
    const body = bytesOf(payload);
    return new Observable<Reply>((observer) => {
      try {
        const place = found.admit();
        observer.add(() => place.release());
      } catch (error) {
        observer.error(error);
        return;
      }
      found
        .replies(subject, body)
        .pipe(map((reply) => ({ ...reply, payload: reply.payload.slice() })))
        .subscribe(observer);
    });
  }

  private serviceOf(name: string): Service {
    const found = this.services.find(name);
    if (found !== undefined) return found;
    const known = this.services.services().map(({ options }) => options.name);
    throw new TypeError(
      `Unknown service ${JSON.stringify(name)}. Known services: ${known.join(', ') || 'none'}.`,
    );
  }
}

function bytesOf(payload: unknown): Uint8Array {
  if (payload instanceof Uint8Array) return payload;
  const text = typeof payload === 'string' ? payload : JSON.stringify(payload);
  // undefined and functions have no JSON text.
  return new TextEncoder().encode(text ?? '');
}
