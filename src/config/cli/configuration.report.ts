import type { ServiceOptions } from '@nuts/requests';
import type { FrameFormat, HubOptions } from '@nuts/streaming';
import { maskUrl } from '@nuts/nats';
import type { ProcessOptions } from '../process-options.interface.js';

type Line = readonly [title: string, text: string];

function time(ms: number | undefined): string {
  return ms === undefined ? 'no limit' : `${ms / 1000} s`;
}

function count(value: number | undefined): string {
  return value === undefined ? 'no limit' : String(value);
}

function natsWay({ nats: options }: Pick<HubOptions, 'nats'>): string {
  const ways: [string, unknown][] = [
    ['credentials file', options.credentialsFile],
    ['token', options.token],
    ['user and password', options.user],
    ['NKey', options.nkeySeedFile],
  ];
  const way = ways.find(([, value]) => value !== undefined)?.[0] ?? 'no authentication';
  return `${options.servers.map(maskUrl).join(', ')} (${way})`;
}

function nats(hub: HubOptions): string {
  const { stream, topicPrefix } = hub;
  const prefix = topicPrefix === '' ? 'no prefix' : `subjects under ${topicPrefix}`;
  return `${natsWay(hub)}, stream ${stream}, ${prefix}`;
}

function access({ access: options }: Pick<HubOptions, 'access'>): string {
  if (options === undefined) return 'open to everybody';
  const key =
    options.secret !== undefined
      ? 'an HMAC secret'
      : options.publicKeyFile !== undefined
        ? `the public key ${options.publicKeyFile}`
        : `the keys of ${maskUrl(options.jwksUrl ?? '')}`;
  const claims = [
    options.issuer === undefined ? [] : [`issuer ${options.issuer}`],
    options.audience === undefined ? [] : [`audience ${options.audience}`],
    options.cookie === undefined ? [] : [`also from the cookie ${options.cookie}`],
  ].flat();
  return [`tokens checked with ${key}`, ...claims].join(', ');
}

function events({ eventType, payload, eventId, maxEventBytes, gapEvents }: FrameFormat): string {
  const name = eventType.from === 'header' ? `the header ${eventType.header}` : `${eventType.from}`;
  const size = maxEventBytes === undefined ? 'of any size' : `up to ${maxEventBytes} bytes`;
  const gaps = gapEvents ? 'gaps announced' : 'gaps not announced';
  return `named by ${name}, ${payload}, ids ${eventId}, ${size}, ${gaps}`;
}

function hubLines(hub: HubOptions): Line[] {
  const { probes } = hub;
  return [
    ['NATS', nats(hub)],
    ['access', access(hub)],
    ['origins', hub.cors.origins.join(', ')],
    ['events', events(hub.format)],
    ['topics', `${count(hub.maxTopics)} a request, wildcards ${hub.allowWildcards ? 'on' : 'off'}`],
    [
      'streams',
      `at a time ${count(hub.maxConnections)}, for one client ${count(hub.maxConnectionsPerClient)}, ` +
        `age ${time(hub.maxConnectionAgeMs)}, write timeout ${time(hub.writeTimeoutMs)}`,
    ],
    [
      'replay',
      `messages ${count(hub.replayMaxMessages)}, age ${time(hub.replayWindowMs)}; ` +
        `in memory ${hub.windowMaxMessages} messages, ${hub.windowMaxBytes} bytes, ` +
        `last values ${hub.lastValuesMaxMessages}, ${hub.lastValuesMaxBytes} bytes`,
    ],
    ['probes', [probes.livePath, probes.readyPath, probes.healthPath].join(' ')],
  ];
}

function serviceLines(service: ServiceOptions): Line[] {
  const { subjectPrefix, cors, maxRequests, maxRequestsPerClient } = service;
  const { requestTimeoutMs, maxBytes, rate } = service;
  return [
    ['NATS', `${natsWay(service)}, subjects under ${subjectPrefix}`],
    ['access', access(service)],
    ['origins', cors.origins.join(', ')],
    [
      'requests',
      `at a time ${maxRequests}, of one client ${count(maxRequestsPerClient)}, timeout ${time(requestTimeoutMs)}, up to ${maxBytes} bytes, ` +
        `a second for one client ${count(rate)}`,
    ],
  ];
}

/** A readable summary of the configuration, without secrets. */
export function configurationReport(options: ProcessOptions): string {
  const { hubs, services, host, port, managementPort, trustProxy, warnings } = options;
  const address = `${host}:${port}`;
  const management = managementPort === undefined ? '' : `, management on port ${managementPort}`;
  const proxies = trustProxy === false ? '' : `, proxies trusted: ${String(trustProxy)}`;
  const lines = [
    `${hubs.length === 1 ? '1 hub' : `${hubs.length} hubs`} on ${address}${management}${proxies}`,
    ...hubs.flatMap((hub) => section(hub.path, hubLines(hub))),
    ...services.flatMap((service) => section(`${service.path} (services)`, serviceLines(service))),
  ];
  const warned = warnings.map((warning) => `  - ${warning}`);
  return [...lines, ...(warned.length === 0 ? [] : ['', 'Warnings:', ...warned])].join('\n');
}

function section(title: string, lines: readonly Line[]): string[] {
  return ['', title, ...lines.map(([name, text]) => `  ${name.padEnd(8)} ${text}`)];
}
