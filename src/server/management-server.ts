import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import { boundPipelines } from './bounded-pipelines.js';
import { SERVER_LIMITS } from './nuts-http.adapter.js';
import type { UnreadAnswers } from './unread-answers.js';

const MANAGEMENT = Symbol('NutsManagementPort');

/** A request that arrived on the management port. */
interface ManagementRequest extends IncomingMessage {
  [MANAGEMENT]?: true;
}

/**
 * A second port of the same application (contract §7, `MANAGEMENT_PORT`). {@link OperationsMiddleware}
 * decides which paths each port serves.
 */
export function createManagementServer(
  application: RequestListener,
  unread: UnreadAnswers,
): Server {
  const bounded = boundPipelines(application, unread);
  return createServer(SERVER_LIMITS, (request: ManagementRequest, response) => {
    request[MANAGEMENT] = true;
    void bounded(request, response);
  });
}

/** Whether a request arrived on the management port. */
export function isManagement(request: IncomingMessage): boolean {
  return (request as ManagementRequest)[MANAGEMENT] === true;
}
