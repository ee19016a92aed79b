import type { Provider, Type } from '@nestjs/common';
import { ClientAddress } from '../request/client-address.js';
import { ConnectionTurns } from '../request/connection-turns.js';
import { Drain } from './drain.js';
import { HubGuards } from './hub-guards.js';
import { HubMiddleware } from '../request/hub.middleware.js';
import { HubRoutes } from '../request/hub-routes.service.js';
import { HubTargets } from '../request/hub-targets.service.js';
import { RefusalAnswers } from '../refusals/refusal-answers.js';
import { RetryStreamFilter } from '../refusals/retry-stream.filter.js';
import { RootProbes } from '../probes/root-probes.js';
import { StreamAdmission } from './stream-admission.guard.js';
import { StreamRequests } from './stream-requests.service.js';
import { StreamController } from './stream.controller.js';

/**
 * The providers of the HTTP layer, in addition to {@link HUB_DIRECTORY} and {@link HUB_GUARDS}. The module
 * applies {@link HubMiddleware} with `forRoutes('/')`.
 */
export const EDGE_PROVIDERS: Provider[] = [
  ClientAddress,
  ConnectionTurns,
  Drain,
  HubGuards,
  HubMiddleware,
  HubRoutes,
  HubTargets,
  RefusalAnswers,
  RetryStreamFilter,
  RootProbes,
  StreamAdmission,
  StreamRequests,
];

export const EDGE_CONTROLLERS: Type[] = [StreamController];
