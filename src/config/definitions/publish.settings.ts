import { storedHeaderNames } from '../kinds/origin.kind.js';
import { amount, limit } from '../kinds/number.kind.js';
import { boolean } from '../kinds/text.kind.js';
import { setting } from '../setting.interface.js';

/** Publishing over HTTP. */
export const PUBLISH_SETTINGS = {
  publish: setting({
    kind: boolean,
    default: 'false',
    doc: 'Clients may publish with `POST` to the topics in the claim `publish` of their token.',
  }),
  publish_anonymous: setting({
    kind: boolean,
    default: 'false',
    doc: 'On a hub without a token key, everyone may publish.',
  }),
  publish_max_bytes: setting({
    ...amount('bytes', 1024 * 1024),
    doc: 'Largest body; the `max_payload` of the NATS server applies too.',
  }),
  publish_rate: setting({
    ...limit(),
    doc: 'Messages per second for one token subject, or for one address without a token; bursts of twice that.',
  }),
  publish_headers: setting({
    kind: storedHeaderNames,
    doc: 'NATS headers that a client may set, with `Nuts-Header-<Name>`.',
  }),
};
