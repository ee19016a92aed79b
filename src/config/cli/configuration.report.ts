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

function nats({ nats: options, stream, topicPrefix }: HubOptions): string {
  const ways: [string, unknown][] = [
    ['credentials file', options.credentialsFile],
    ['token', options.token],
    ['user and password', options.user],
    ['NKey', options.nkeySeedFile],
  ];
  const way = ways.find(([, value]) => value !== undefined)?.[0] ?? 'no authentication';
  const prefix = topicPrefix === '' ? 'no prefix' : `subjects under ${topicPrefix}`;
  const servers = options.servers.map(maskUrl).join(', ');
  return `${servers} (${way}), stream ${stream}, ${prefix}`;
}

function access({ access: options }: HubOptions): string {
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
        `in memory ${hub.windowMaxMessages} messages, ${hub.windowMaxBytes} bytes`,
    ],
    ['probes', [probes.livePath, probes.readyPath, probes.healthPath].join(' ')],
  ];
}

/** What would run, for people: no secret is in it. */
export function configurationReport(options: ProcessOptions): string {
  const { hubs, host, port, managementPort, trustProxy, warnings } = options;
  const address = `${host}:${port}`;
  const management = managementPort === undefined ? '' : `, management on port ${managementPort}`;
  const proxies = trustProxy === false ? '' : `, proxies trusted: ${String(trustProxy)}`;
  const lines = [
    `${hubs.length === 1 ? '1 hub' : `${hubs.length} hubs`} on ${address}${management}${proxies}`,
    ...hubs.flatMap((hub) => [
      '',
      hub.path,
      ...hubLines(hub).map(([title, text]) => `  ${title.padEnd(8)} ${text}`),
    ]),
  ];
  const warned = warnings.map((warning) => `  - ${warning}`);
  return [...lines, ...(warned.length === 0 ? [] : ['', 'Warnings:', ...warned])].join('\n');
}
