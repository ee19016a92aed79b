import type { IncomingMessage, ServerResponse } from 'node:http';
import type { HttpAdapterHost } from '@nestjs/core';

const HIDDEN = Symbol('nuts.hidden-body');
const FRAMING = ['content-length', 'transfer-encoding'] as const;

type Framing = Partial<Record<(typeof FRAMING)[number], string>>;

interface Shielded extends IncomingMessage {
  [HIDDEN]?: Framing;
}

/**
 * Keeps an application's body parsers away from bodies that are stored as they are. Nest adds its
 * parsers before any module's middleware, so this one is added to the adapter while the application is
 * being made. A request without `Content-Length` and `Transfer-Encoding` has no body for a parser;
 * {@link revealBody} puts them back.
 *
 * @param isShielded whether a request's body is to be left alone; called for every request
 */
export function shieldBodies(
  host: HttpAdapterHost,
  isShielded: (request: IncomingMessage) => boolean,
): void {
  host.init$.subscribe(() => {
    host.httpAdapter.use(
      (request: IncomingMessage, _response: ServerResponse, next: () => void) => {
        if (isShielded(request)) hideBody(request);
        next();
      },
    );
  });
}

function hideBody(request: Shielded): void {
  const hidden: Framing = {};
  for (const name of FRAMING) {
    const value = request.headers[name];
    if (value !== undefined) hidden[name] = value;
    delete request.headers[name];
  }
  request[HIDDEN] = hidden;
}

/** Undoes what {@link shieldBodies} did to a request. */
export function revealBody(request: IncomingMessage): void {
  Object.assign(request.headers, (request as Shielded)[HIDDEN]);
}
