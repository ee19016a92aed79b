import type { ServerResponse } from 'node:http';
import {
  BadRequestException,
  Inject,
  Injectable,
  Logger,
  MethodNotAllowedException,
  type NestMiddleware,
  NotFoundException,
  Optional,
} from '@nestjs/common';
import { setRequestedSubscription } from '@nuts/auth';
import type { NextFunction, Request, Response } from 'express';
import {
  HUB_DIRECTORY,
  type HubDirectory,
  type HubMatch,
} from '../hub/stream-request.interface.js';
import { ConnectionTurns } from './connection-turns.js';
import { corsHeaders } from './cors-headers.js';
import { setRequestedHub } from './hub-request.js';
import { parseSubscription } from './parse-subscription.js';
import { PROBE_RESPONDER, probeKindOf, type ProbeResponder } from './probe-responder.interface.js';
import { RootProbeCors } from './root-probe-cors.js';
import { splitTarget, STREAM_ROUTE } from './stream-route.js';

const ALLOWED_METHODS = 'GET, OPTIONS';

/**
 * The door of all hubs: finds the hub, answers what needs no stream (preflight, probes, mistakes),
 * and sends the rest to the `@Sse()` route with the parsed subscription on the request. Bind it with
 * `forRoutes('/')`: as a mounted handler it sees every path and may rewrite `req.url`; a global
 * prefix applies to hubs as to any route.
 */
@Injectable()
export class HubMiddleware implements NestMiddleware<Request, Response> {
  private readonly logger = new Logger(HubMiddleware.name);

  constructor(
    @Inject(HUB_DIRECTORY) private readonly hubs: HubDirectory,
    private readonly turns: ConnectionTurns,
    private readonly rootProbes: RootProbeCors,
    @Optional() @Inject(PROBE_RESPONDER) private readonly probes?: ProbeResponder,
  ) {}

  async use(request: Request, response: Response, next: NextFunction): Promise<void> {
    const { pathname, search } = splitTarget(request.url);
    const match = this.hubs.byPath(pathname);
    const headers = match
      ? corsHeaders(match.hub.options.cors, request.headers.origin)
      : this.rootProbes.headersFor(pathname, request.headers.origin);
    if (headers !== undefined) {
      response.vary('Origin');
      response.set(headers);
    }
    if (this.turns.isBehindStream(request)) throw this.behindStream(response);
    if (headers !== undefined && answeredByMethod(request, response)) return;
    if (match === undefined) return next();
    const probe = probeKindOf(match.hub.options.probes, match.rest);
    if (probe !== undefined) {
      if (this.probes === undefined) throw new NotFoundException(`Cannot GET ${pathname}`);
      const { status, body } = await this.probes.respond(match.hub.options.name, probe, request);
      response.set('Cache-Control', 'no-store').status(status).json(body);
      return;
    }
    this.subscribe(match, search, request);
    await this.turns.claim(request, response);
    request.url = STREAM_ROUTE + search;
    next();
  }

  private subscribe({ hub, rest }: HubMatch, search: string, request: Request): void {
    const parsed = parseSubscription(hub.options, rest, search, request);
    if ('mistake' in parsed) throw new BadRequestException(parsed.mistake);
    if (parsed.ignoredHeader !== undefined) {
      this.logger.debug({
        msg: 'malformed Last-Event-ID ignored',
        hub: hub.options.name,
        last_event_id: parsed.ignoredHeader,
      });
    }
    setRequestedHub(request, hub);
    setRequestedSubscription(request, parsed.subscription);
  }

  private behindStream(response: ServerResponse): BadRequestException {
    // The answer can only leave when the stream has ended; the connection then ends with it.
    response.setHeader('Connection', 'close');
    return new BadRequestException(
      'One stream a connection at a time: this request was pipelined behind an open stream',
    );
  }
}

/** Answers a preflight, refuses all but GET; false when the request may go on. */
function answeredByMethod(request: Request, response: Response): boolean {
  if (request.method === 'GET') return false;
  response.set('Allow', ALLOWED_METHODS);
  if (request.method !== 'OPTIONS') throw new MethodNotAllowedException();
  response.status(204).end();
  return true;
}
