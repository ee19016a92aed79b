import { listenHost } from '../kinds/address.kind.js';
import { numberKind } from '../kinds/number.kind.js';
import { boolean, choice } from '../kinds/text.kind.js';
import { trustProxy } from '../kinds/trust-proxy.kind.js';
import { workerCount } from '../kinds/workers.kind.js';
import { setting, type ValuesOf } from '../setting.interface.js';
import { FLEET_SETTINGS } from './fleet.settings.js';

const port = numberKind<number>({
  unit: 'count',
  max: 65_535,
  special: { 0: { means: 'any free port', value: 0 } },
});

/** Addresses and logs of the process. */
export const LISTEN_SETTINGS = {
  port: setting({ kind: port, default: '8080', doc: 'Port of the service.' }),
  host: setting({
    kind: listenHost,
    default: '0.0.0.0',
    doc: 'Address to listen on.',
  }),
  log_level: setting({
    kind: choice(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'], true),
    default: 'info',
    doc: 'Minimum level of log lines.',
  }),
  trust_proxy: setting({
    kind: trustProxy,
    default: 'off',
    doc: 'Proxies whose `X-Forwarded-*` headers are trusted.',
  }),
  management_port: setting({
    kind: port,
    doc: 'Metrics and root probes are served on this port instead.',
  }),
  workers: setting({
    kind: workerCount,
    default: '1',
    doc: 'Processes that serve the same port; `auto`: one per core.',
  }),
  console: setting({
    kind: boolean,
    default: 'false',
    doc: 'A page at `/console` that shows hubs, their events and the connection, for development.',
  }),
};

/** Settings of the process; independent of the number of hubs. */
export const PROCESS_SETTINGS = { ...LISTEN_SETTINGS, ...FLEET_SETTINGS };

/** The parsed settings of the process. */
export type ProcessValues = ValuesOf<typeof PROCESS_SETTINGS>;
