import type { HubOptions } from './hub-options.interface.js';

const PATH = /^(\/|(\/[A-Za-z0-9._~-]+)+)$/;
const PREFIX = /^(?!\.)(?!.*\.\.)[A-Za-z0-9._-]{0,256}$/;
/** Inside `<…>` of a Link header: no white space, control, quote or angle bracket, ASCII only. */
const LINK_SAFE = /^[!#-;=?-[\]_a-z~]+$/;

/**
 * What would go wrong silently at run time: a path that no request has, two hubs of one path or
 * name, a header that ends early. One sentence each. The service checks its settings before, by
 * their own table; this is for hubs that come out of code or a database.
 */
export function hubMistakes(hubs: readonly HubOptions[]): string[] {
  return [...hubs.flatMap(ownMistakes), ...doubled(hubs, 'name'), ...doubled(hubs, 'path')];
}

function ownMistakes({ path, stream, topicPrefix, hubUrl, nats }: HubOptions): string[] {
  const wrong: [boolean, string][] = [
    [
      !PATH.test(path),
      'path must begin with a slash and have none at its end; A-Z a-z 0-9 . _ ~ -',
    ],
    [nats.servers.length === 0, 'nats.servers is empty'],
    [stream === '', 'stream is empty'],
    [!PREFIX.test(topicPrefix), `topicPrefix ${JSON.stringify(topicPrefix)} begins no subject`],
    [
      hubUrl !== undefined && !LINK_SAFE.test(hubUrl),
      `hubUrl ${JSON.stringify(hubUrl)} cannot stand in a Link header`,
    ],
  ];
  return wrong.flatMap(([isWrong, text]) => (isWrong ? [`${path}: ${text}`] : []));
}

function doubled(hubs: readonly HubOptions[], field: 'name' | 'path'): string[] {
  const values = hubs.map((hub) => hub[field]);
  const repeated = new Set(values.filter((value, index) => values.indexOf(value) !== index));
  return [...repeated].map((value) => `${value}: two hubs have this ${field}`);
}
