import { storedHeaderNames } from '../kinds/origin.kind.js';
import { amount, limit } from '../kinds/number.kind.js';
import { boolean } from '../kinds/text.kind.js';
import { setting } from '../setting.interface.js';

/** Writing over HTTP. */
export const PUBLISH_SETTINGS = {
  publish: setting({
    kind: boolean,
    default: 'false',
    doc: 'Clients may store messages with POST, as far as the claim `publish` of their token goes.',
  }),
  publish_anonymous: setting({
    kind: boolean,
    default: 'false',
    doc: 'Everybody may publish, on a hub without a token key.',
  }),
  publish_max_bytes: setting({
    ...amount('bytes', 1024 * 1024),
    doc: "Largest body; the NATS server's `max_payload` holds as well.",
  }),
  publish_rate: setting({
    ...limit(),
    doc: 'Messages a second for one token subject, or one address where there is none; twice that at once.',
  }),
  publish_headers: setting({
    kind: storedHeaderNames,
    doc: 'NATS headers that a client may set, with `Nuts-Header-<Name>`.',
  }),
};
