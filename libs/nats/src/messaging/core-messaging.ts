import { defer, EMPTY, filter, Observable, switchMap, throwError } from 'rxjs';
import type { Link } from '../connection/link.js';
import type { SupervisedConnection } from '../connection/supervised-connection.js';
import type {
  NatsDenial,
  NatsMessage,
  NatsMessaging,
  NatsReply,
  NatsServiceDefinition,
} from './nats-messaging.interface.js';
import { hostService } from './hosted-service.js';
import { requestDisconnected, requestOver } from './request-over.js';

const NO_RESPONDERS = 503;

/** Core NATS over one supervised connection. */
export class CoreMessaging implements NatsMessaging {
  readonly denied$: Observable<NatsDenial>;

  constructor(private readonly connection: SupervisedConnection) {
    this.denied$ = this.onEachLink(
      (link) =>
        new Observable<NatsDenial>((observer) =>
          link.watch({ onLost: () => undefined, onDenied: (denial) => observer.next(denial) }),
        ),
    );
  }

  publish(subject: string, data: Uint8Array | string, reply?: string): boolean {
    return this.connection.link?.offer(subject, data, reply) ?? false;
  }

  messages(subject: string): Observable<NatsMessage> {
    return this.onEachLink(
      (link) =>
        new Observable<NatsMessage>((observer) =>
          link.subscribe(subject, ({ subject: from, data, reply, headers }) => {
            // The server's "no responders" answer to a message with a reply subject.
            if (data.length === 0 && headers?.code === NO_RESPONDERS) return;
            observer.next({
              subject: from,
              data,
              ...(reply && { reply }),
              respond: (answer) => (reply ? link.offer(reply, answer) : false),
            });
          }),
        ),
    );
  }

  request(subject: string, data: Uint8Array): Observable<NatsReply> {
    return defer(() => {
      const { link } = this.connection;
      return link === undefined
        ? throwError(() => requestDisconnected())
        : requestOver(link, subject, data);
    });
  }

  serve(service: NatsServiceDefinition): Observable<string> {
    return this.onEachLink((link) => hostService(link, service));
  }

  /** Unsubscribes from a link's Observable when the link is lost, and subscribes again on the next link. */
  private onEachLink<T>(follow: (link: Link) => Observable<T>): Observable<T> {
    return this.connection.status$.pipe(
      filter((status) => status !== 'connecting'),
      switchMap(() => {
        const { link } = this.connection;
        return link === undefined ? EMPTY : follow(link);
      }),
    );
  }
}
