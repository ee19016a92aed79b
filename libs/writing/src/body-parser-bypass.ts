import type { IncomingMessage, ServerResponse } from 'node:http';
import type { HttpAdapterHost } from '@nestjs/core';

const HIDDEN = Symbol('nuts.hidden-body');
const FRAMING = ['content-length', 'transfer-encoding'] as const;

type Framing = Partial<Record<(typeof FRAMING)[number], string>>;

interface BypassedRequest extends IncomingMessage {
  [HIDDEN]?: Framing;
}

/**
 * Hides request bodies from an application's body parsers, because they are stored unchanged. Nest adds its
 * parsers before any module's middleware, so this one is added to the adapter while the application is
 * created. Parsers ignore a request without `Content-Length` and `Transfer-Encoding`; {@link restoreBody}
 * restores them.
 *
 * @param isBypassed whether to hide a request's body; called for every request
 */
export function bypassBodyParsers(
  host: HttpAdapterHost,
  isBypassed: (request: IncomingMessage) => boolean,
): void {
  host.init$.subscribe(() => {
    host.httpAdapter.use(
      (request: IncomingMessage, _response: ServerResponse, next: () => void) => {
        if (isBypassed(request)) hideBody(request);
        next();
      },
    );
  });
}

function hideBody(request: BypassedRequest): void {
  const hidden: Framing = {};
  for (const name of FRAMING) {
    const value = request.headers[name];
    if (value !== undefined) hidden[name] = value;
    delete request.headers[name];
  }
  request[HIDDEN] = hidden;
}

/** Reverts the effect of {@link bypassBodyParsers} on a request. */
export function restoreBody(request: IncomingMessage): void {
  Object.assign(request.headers, (request as BypassedRequest)[HIDDEN]);
}
