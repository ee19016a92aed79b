import { Match, type Msg, type MsgHdrs } from 'nats';
import { Observable } from 'rxjs';
import type { Link } from '../connection/link.js';
import { NatsRequestError } from '../nats.errors.js';
import type { NatsReply } from './nats-messaging.interface.js';

const NO_RESPONDERS = 503;

/**
 * One request over one link, and its replies. The client's own requests share a subscription for the life
 * of the connection. Here each has its own, because only unsubscribing stops a service that floods.
 */
export function requestOver(link: Link, subject: string, data: Uint8Array): Observable<NatsReply> {
  return new Observable((observer) => {
    const fail = (kind: NatsRequestError['kind'], message: string): void =>
      observer.error(new NatsRequestError(kind, message));
    const inbox = link.inbox();
    observer.add(
      link.watch({
        onLost: () => fail('connection_lost', 'The connection to NATS was lost'),
        onDenied: (denial) => {
          if (denial.subject === subject || denial.subject === inbox) {
            fail('denied', `Permissions Violation for ${denial.operation} to "${denial.subject}"`);
          }
        },
      }),
    );
    observer.add(
      link.subscribe(inbox, (message) => {
        const reply = replyOf(message);
        if (reply.status === NO_RESPONDERS && reply.data.length === 0) {
          fail('no_responders', `No responders on "${subject}"`);
        } else observer.next(reply);
      }),
    );
    const limit = link.info?.max_payload ?? Infinity;
    if (data.length > limit) fail('too_large', `The request exceeds the server's ${limit} bytes`);
    else if (!link.offer(subject, data, inbox)) observer.error(requestDisconnected());
  });
}

/** There is no connection. */
export function requestDisconnected(): NatsRequestError {
  return new NatsRequestError('disconnected', 'There is no connection to NATS');
}

function replyOf(message: Msg): NatsReply {
  const headers = readHeaders(message);
  return {
    data: message.data,
    status: headers?.code ?? 0,
    description: headers?.description ?? '',
    header: (name) => headers?.get(name, Match.IgnoreCase) || undefined,
  };
}

/** The client decodes headers on access and throws for invalid names. */
function readHeaders(message: Msg): MsgHdrs | undefined {
  try {
    return message.headers;
  } catch {
    return undefined;
  }
}
