import { boolean, text } from '../kinds/text.kind.js';
import { setting } from '../setting.interface.js';

/** What a hub reveals about its clients (contract §14). */
export const PRESENCE_SETTINGS = {
  presence: setting({
    kind: boolean,
    default: 'false',
    doc: '`GET {path}/presence?topic=…` lists the subscribers, for tokens with the claim `presence`.',
  }),
  lifecycle: setting({
    kind: boolean,
    default: 'false',
    doc: 'Publish a message to the fleet when a stream opens or closes. Needs `fleet`.',
  }),
};

/** Processes that work together; independent of the number of hubs. */
export const FLEET_SETTINGS = {
  fleet: setting({
    kind: text({
      allowed: 'a NATS token: A-Z a-z 0-9 _ -, at most 64 bytes',
      pattern: /^[A-Za-z0-9_-]+$/,
      maxBytes: 64,
    }),
    doc: 'Processes with this name form one service over core NATS: presence, closing streams, limits per client.',
  }),
  fleet_subject: setting({
    kind: text({
      allowed:
        'a NATS subject of A-Z a-z 0-9 . _ -, without wildcards, leading, trailing or doubled dot, at most 128 bytes',
      pattern: /^(?!\$)[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*$/,
      maxBytes: 128,
    }),
    default: 'nuts.fleet',
    doc: 'The subjects of the fleet start with `<fleet_subject>.<fleet>`. It uses the connection of the first hub.',
  }),
};
