import { NatsReadError } from '@nuts/nats';
import { LogHealth, type ExaminedLog } from './log-health.js';

type Changes = {
  [K in keyof ExaminedLog]?: ExaminedLog[K] extends () => boolean ? boolean : object;
};

/** The health of a log in which all is well but for these parts. */
function healthOf({ isUnusable = false, ...changes }: Changes = {}): LogHealth {
  const well = {
    client: { status: 'connected' },
    keeper: { facts: {}, trouble: undefined },
    memory: { firstRead: undefined },
    newest: { isCaughtUp: true },
    tail: { alive: true, hasBegun: true },
  };
  for (const [name, part] of Object.entries(changes)) {
    Object.assign(well[name as keyof typeof well], part);
  }
  return new LogHealth({ ...well, isUnusable: () => isUnusable } as unknown as ExaminedLog);
}

const away = { client: { status: 'disconnected' } };
const missing = { keeper: { trouble: new NatsReadError('no_jetstream', 'off') } };
const failed = { keeper: { trouble: new NatsReadError('timeout', 'no answer') } };
const unusable = { isUnusable: true };
const unread = { newest: { isCaughtUp: false } };
const notBegun = { tail: { hasBegun: false, alive: false } };
const reading = { memory: { firstRead: Promise.resolve() } };
const stalled = { tail: { alive: false } };

it.each<[string, Changes, string | undefined, boolean]>([
  ['all is well', {}, undefined, true],
  ['NATS is away', away, 'nats_disconnected', false],
  ['there is no JetStream', missing, 'jetstream_missing', true],
  ['stream info fails', failed, 'stream_info_error', true],
  ['the stream cannot be served', unusable, 'stream_info_error', true],
  ['older messages are not delivered yet', unread, 'starting', false],
  ['no consumer has answered', notBegun, 'starting', false],
  ['last values are read for the first time', reading, 'starting', true],
  ['the tail is silent', stalled, 'tail_stalled', false],
  ['there was never stream info', { keeper: { facts: undefined } }, undefined, false],
  [
    'NATS is away, and nothing else works',
    { ...away, ...failed, ...unread },
    'nats_disconnected',
    false,
  ],
  ['stream info fails while it starts', { ...failed, ...unread }, 'stream_info_error', false],
])('a log where %s', (_what, changes, trouble, canServe) => {
  const health = healthOf(changes);
  expect([health.currentTrouble, health.canServe]).toEqual([trouble, canServe]);
});
