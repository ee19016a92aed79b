import { hubPath, urlPath } from '../kinds/address.kind.js';
import { boolean } from '../kinds/text.kind.js';
import { setting } from '../setting.interface.js';

/** The paths of a hub and its probes. */
export const ROUTE_SETTINGS = {
  path: setting({
    kind: hubPath,
    variable: 'HUB_PATH',
    ownOnly: true,
    default: '/events',
    doc: "The hub's route. Required in each entry of `hubs`.",
  }),
  health_path: setting({
    kind: urlPath,
    default: '/healthz',
    doc: 'Readiness under its old name, below the hub and at the root.',
  }),
  live_path: setting({
    kind: urlPath,
    default: '/livez',
    doc: 'Liveness: the process responds.',
  }),
  ready_path: setting({
    kind: urlPath,
    default: '/readyz',
    doc: 'Readiness: NATS is connected and the stream exists.',
  }),
  health_details: setting({
    kind: boolean,
    default: 'false',
    doc: 'Probes show details of the NATS server and the stream; with a `management_port`, only there.',
  }),
};
