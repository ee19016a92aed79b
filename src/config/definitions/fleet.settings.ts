import { boolean, text } from '../kinds/text.kind.js';
import { setting } from '../setting.interface.js';

/** What a hub tells of its clients (contract §14). */
export const PRESENCE_SETTINGS = {
  presence: setting({
    kind: boolean,
    default: 'false',
    doc: '`GET {path}/presence?topic=…` answers who listens, to tokens with a claim `presence`.',
  }),
  lifecycle: setting({
    kind: boolean,
    default: 'false',
    doc: 'Streams that open and close are published to the fleet. Needs `fleet`.',
  }),
};

/** The processes that work together, whatever the number of hubs. */
export const FLEET_SETTINGS = {
  fleet: setting({
    kind: text({
      allowed: 'a NATS token: A-Z a-z 0-9 _ -, at most 64 bytes',
      pattern: /^[A-Za-z0-9_-]+$/,
      maxBytes: 64,
    }),
    doc: 'Processes with this name form one service over core NATS: presence, closing, limits for a client.',
  }),
  fleet_subject: setting({
    kind: text({
      allowed:
        'a NATS subject of A-Z a-z 0-9 . _ -, without wildcards, leading, trailing or doubled dot, at most 128 bytes',
      pattern: /^(?!\$)[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*$/,
      maxBytes: 128,
    }),
    default: 'nuts.fleet',
    doc: "The fleet's messages are below `<fleet_subject>.<fleet>`. The connection is the first hub's.",
  }),
};
