import {
  BadRequestException,
  Inject,
  Injectable,
  MethodNotAllowedException,
  type NestMiddleware,
} from '@nestjs/common';
import { corsHeaders, setRequestedAccess } from '@nuts/auth';
import { restoreBody, setWriteRules } from '@nuts/writing';
import type { NextFunction, Request, Response } from 'express';
import type { Service } from '../service/service.js';
import { ServiceRegistry } from '../service/service-registry.service.js';
import { ASK_ROUTE } from './ask-route.js';
import { Pipelines } from './pipelines.js';
import { pathOf } from './path-of.js';
import { setQuestion } from './question.js';
import { isReserved, isSubject, subjectOfPath } from './subject.js';

const METHODS = 'POST, OPTIONS';
const INVALID_SUBJECT =
  'Invalid subject: must be 1 to 256 of A-Z a-z 0-9 . _ -, without empty tokens, and not reserved by NATS';

/**
 * Routes requests to services: finds the service by path, answers requests that need no service
 * (preflights, other methods, errors), and routes the others to the services' internal route. Bind it with
 * `forRoutes('/')`.
 */
@Injectable()
export class ServicesMiddleware implements NestMiddleware<Request, Response> {
  constructor(
    private readonly services: ServiceRegistry,
    private readonly pipelines: Pipelines,
    @Inject(ASK_ROUTE) private readonly route: string,
  ) {}

  async use(request: Request, response: Response, next: NextFunction): Promise<void> {
    const pathname = pathOf(request.url);
    const match = this.services.byPath(pathname);
    if (match === undefined) {
      if (this.pipelines.isBlocked(request)) throw pipelined(request, response);
      return next();
    }
    const { service, rest } = match;
    const { cors } = service.options;
    response.vary('Origin').set(corsHeaders(cors, request.headers.origin));
    if (request.method !== 'POST') return otherMethod(request, response);
    restoreBody(request);
    prepare(request, service, rest);
    if (!(await this.pipelines.turn(request, response))) throw pipelined(request, response);
    request.url = this.route;
    next();
  }
}

/** Attaches the data that guards and the route need. */
function prepare(request: Request, service: Service, rest: string): void {
  const { name, path, access, anonymous, cors, maxBytes, rate } = service.options;
  const { nats, subjectPrefix } = service.options;
  const subject = subjectOfPath(rest);
  if (subject === undefined)
    throw new BadRequestException('No subject specified. Append it to the path');
  if (!isSubject(subject) || isReserved(subjectPrefix + subject, nats.inboxPrefix)) {
    throw new BadRequestException(INVALID_SUBJECT);
  }
  setQuestion(request, { service, subject });
  setRequestedAccess(request, {
    action: 'request',
    hub: { name, path },
    topics: [subject],
    ...(access && { access }),
  });
  setWriteRules(request, {
    target: path,
    anonymous: anonymous && access === undefined,
    origins: cors.origins,
    maxBytes,
    ...(rate !== undefined && { rate }),
  });
}

function otherMethod({ method }: Request, response: Response): void {
  response.set('Allow', METHODS);
  if (method !== 'OPTIONS') throw new MethodNotAllowedException('Method Not Allowed');
  response.status(204).end();
}

function pipelined(request: Request, response: Response): BadRequestException {
  // Read and discard the body, otherwise the socket would pause.
  request.resume();
  response.set('Connection', 'close');
  return new BadRequestException(
    'The request was pipelined behind an unfinished response. Use another connection',
  );
}
