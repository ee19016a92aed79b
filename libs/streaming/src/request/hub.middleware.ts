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
import {
  corsHeaders,
  loggedText,
  setRequestedSubscription,
  type RequestedSubscription,
} from '@nuts/auth';
import type { NextFunction, Request, Response } from 'express';
import type { HubMatch, StreamHub } from '../hub/stream-request.interface.js';
import { ConnectionTurns } from './connection-turns.js';
import { Drain } from '../sse/drain.js';
import { setRequestedHub } from './hub-request.js';
import { HubRoutes } from './hub-routes.service.js';
import { HubTargets } from './hub-targets.service.js';
import { parseSubscription } from './parse-subscription.js';
import {
  PROBE_RESPONDER,
  type ProbeKind,
  probeKindOf,
  type ProbeResponder,
} from '../probes/probe-responder.interface.js';
import { isPageRequest, requestPage } from '../page/request-page.js';
import { isPresenceRequest } from '../presence/presence-route.js';
import { requestPresence } from '../presence/request-presence.js';
import { RootProbes } from '../probes/root-probes.js';
import { splitTarget, STREAM_ROUTE } from './stream-route.js';

const STREAM_METHODS = ['GET', 'OPTIONS'];
/** Load balancers and `wget --spider` send HEAD to probes. Streams do not support HEAD. */
const PROBE_METHODS = ['GET', 'HEAD', 'OPTIONS'];

/**
 * Routes requests to hubs. It answers requests that need no stream (preflights, probes, errors), and routes
 * the others to the `@Sse()` route, with the parsed subscription on the request, or to a route registered
 * in {@link HubRoutes}. Bind it with `forRoutes('/')`: mounted there, it sees every path and may rewrite
 * `req.url`. A global prefix applies to hubs as to any route.
 */
@Injectable()
export class HubMiddleware implements NestMiddleware<Request, Response> {
  private readonly logger = new Logger(HubMiddleware.name);

  constructor(
    private readonly targets: HubTargets,
    private readonly turns: ConnectionTurns,
    private readonly rootProbes: RootProbes,
    private readonly drain: Drain,
    private readonly routes: HubRoutes,
    @Optional() @Inject(PROBE_RESPONDER) private readonly probes?: ProbeResponder,
  ) {}

  async use(request: Request, response: Response, next: NextFunction): Promise<void> {
    const { pathname, search } = splitTarget(request.url);
    const { origin } = request.headers;
    const match = this.targets.match(pathname);
    const root = match ? undefined : this.rootProbes.match(pathname, origin);
    const headers = match ? corsHeaders(match.hub.options.cors, origin) : root?.headers;
    if (headers !== undefined) response.vary('Origin').set(headers);
    if (this.turns.isBehindStream(request)) throw this.behindStream(response);
    if (headers === undefined) return next();
    // The client should reconnect to another replica, not on this connection.
    if (this.drain.draining) response.set('Connection', 'close');
    const probe = match ? probeKindOf(match.hub.options.probes, match.rest) : root?.kind;
    if (request.method !== 'GET') {
      const methods = probe === undefined && match ? this.methodsOf(match) : PROBE_METHODS;
      if (answeredByMethod(request, response, methods)) return;
    }
    if (probe !== undefined) return this.probe(match?.hub, probe, request, response);
    if (match === undefined) return next();
    if (request.method === 'GET' && isPresenceRequest(match)) {
      requestPresence(match.hub, search, request);
      return next();
    }
    const route = this.routes.find(match, request.method);
    if (route !== undefined) {
      setRequestedHub(request, match.hub);
      request.url = route.accept(match, search, request, response) + search;
      return next();
    }
    const subscription = this.subscribe(match, search, request);
    const isPage = isPageRequest(request);
    if (isPage) {
      response.vary('Accept');
      requestPage(subscription, search, request);
    } else request.url = STREAM_ROUTE + search;
    const turn = isPage ? this.turns.ofAnswer(response) : this.turns.claim(request, response);
    if (turn !== undefined) await turn;
    next();
  }

  private methodsOf(match: HubMatch): string[] {
    return [...STREAM_METHODS, ...this.routes.methodsOf(match)];
  }

  private async probe(
    hub: StreamHub | undefined,
    kind: ProbeKind,
    request: Request,
    response: Response,
  ): Promise<void> {
    if (this.probes === undefined) throw new NotFoundException(`Cannot GET ${request.path}`);
    const { status, body } = await this.probes.respond(hub?.options.name, kind, request);
    response.set('Cache-Control', 'no-store').status(status).json(body);
  }

  private subscribe(
    { hub, rest }: HubMatch,
    search: string,
    request: Request,
  ): RequestedSubscription {
    const parsed = parseSubscription(hub.options, rest, search, request);
    if ('error' in parsed) throw new BadRequestException(parsed.error);
    if (parsed.ignoredHeader !== undefined) {
      this.logger.log({
        msg: 'malformed Last-Event-ID ignored',
        hub: hub.options.name,
        last_event_id: loggedText(parsed.ignoredHeader),
      });
    }
    setRequestedHub(request, hub);
    setRequestedSubscription(request, parsed.subscription);
    return parsed.subscription;
  }

  private behindStream(response: ServerResponse): BadRequestException {
    // The answer can only be sent after the stream has ended; the connection then closes.
    response.setHeader('Connection', 'close');
    return new BadRequestException(
      'A connection carries one stream at a time: this request was pipelined behind an open stream',
    );
  }
}

/** Answers preflights and refuses unsupported methods; false if the request may continue. */
function answeredByMethod(
  { method }: Request,
  response: Response,
  allowed: readonly string[],
): boolean {
  if (method !== 'OPTIONS' && allowed.includes(method)) return false;
  response.set('Allow', allowed.join(', '));
  if (method !== 'OPTIONS') throw new MethodNotAllowedException('Method Not Allowed');
  response.status(204).end();
  return true;
}
