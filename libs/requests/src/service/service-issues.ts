import { DEFAULT_INBOX, isReserved } from '../request/subject.js';
import type { ServiceOptions } from './service-options.interface.js';

const PATH = /^(\/[A-Za-z0-9._~-]+)+$/;
const PREFIX = /^(?!\.)(?!.*\.\.)[A-Za-z0-9._-]{1,256}$/;

/** The options of a service are invalid; one sentence per error. */
export class ServiceOptionsError extends Error {
  override readonly name = 'ServiceOptionsError';

  constructor(readonly issues: readonly string[]) {
    super(issues.join('\n'));
  }
}

/**
 * Finds options that would fail silently at run time. The service validates its settings earlier, with
 * their own definitions; these checks are for services declared in code.
 *
 * @param isGuarded whether a guard of the application's own decides about access
 */
export function serviceIssues(
  services: readonly ServiceOptions[],
  isGuarded: boolean,
): readonly string[] {
  const own = services.flatMap((service) =>
    issuesOf(service, isGuarded).map((text) => `${service.path}: ${text}`),
  );
  return [...own, ...doubled(services, 'name'), ...doubled(services, 'path')];
}

function issuesOf(service: ServiceOptions, isGuarded: boolean): string[] {
  const { path, subjectPrefix, nats, access, anonymous } = service;
  const inbox = nats.inboxPrefix ?? DEFAULT_INBOX;
  const issues: [boolean, string][] = [
    [!PATH.test(path), 'path must begin with a slash and have none at its end'],
    [nats.servers.length === 0, 'nats.servers is empty'],
    [
      !PREFIX.test(subjectPrefix),
      `subjectPrefix ${JSON.stringify(subjectPrefix)} is not a valid start of a subject; A-Z a-z 0-9 . _ -, not empty`,
    ],
    [isReserved(subjectPrefix, inbox), `subjectPrefix ${subjectPrefix} leads to reply subjects`],
    [
      access === undefined && !anonymous && !isGuarded,
      'everybody could ask: set access and a guard, or anonymous: true',
    ],
  ];
  const { requestTimeoutMs, maxRequests, maxBytes, rate = 1 } = service;
  const { maxRequestsPerClient = 1 } = service;
  const { heartbeatMs, clientBufferSize, transientRetryMs, writeTimeoutMs = 1 } = service;
  const positive = {
    requestTimeoutMs,
    maxRequests,
    maxRequestsPerClient,
    maxBytes,
    rate,
    heartbeatMs,
    clientBufferSize,
    transientRetryMs,
    writeTimeoutMs,
  };
  for (const [name, value] of Object.entries(positive)) {
    issues.push([!(value > 0), `${name} is ${value}; allowed: more than 0`]);
  }
  return issues.flatMap(([isWrong, text]) => (isWrong ? [text] : []));
}

function doubled(services: readonly ServiceOptions[], field: 'name' | 'path'): string[] {
  const values = services.map((service) => service[field]);
  const repeated = new Set(values.filter((value, index) => values.indexOf(value) !== index));
  return [...repeated].map((value) => `${value}: two services have this ${field}`);
}
