import { DEFAULT_FORMAT, storedMessage } from '../frames/message.fixture.js';
import { HubMapping, type Mapping } from './hub-mapping.js';
import type { MessageMapper } from './message-mapper.interface.js';

const HUB = { name: 'staff', path: '/staff' };

function apply(map: MessageMapper['map'], message = storedMessage('{"a":1}')): Mapping {
  const mapping = new HubMapping(HUB, DEFAULT_FORMAT);
  mapping.use({ map });
  return mapping.apply(message, 'new');
}

/** The message that a mapper returned, with its bytes as text. */
function mapped(map: MessageMapper['map'], message = storedMessage('{"a":1}')): unknown {
  const result = apply(map, message);
  if (result.kind !== 'message') return result;
  return { text: Buffer.from(result.message.data).toString(), event: result.message.event };
}

/** Values that JavaScript callers may return in spite of the type. */
const returning =
  (value: unknown): MessageMapper['map'] =>
  () =>
    value as never;

function failure(map: MessageMapper['map']): string {
  const result = apply(map);
  return result.kind === 'failed' ? result.error.message : result.kind;
}

it('receives the message and the hub', () => {
  const message = storedMessage('"x"');
  apply((seen, hub) => {
    expect(hub).toBe(HUB);
    expect(seen).toMatchObject({ topic: 'new', sequence: 12345, operation: undefined });
    expect(seen.timeNanos).toBe(message.timeNanos);
    expect(Buffer.from(seen.payload).toString()).toBe('"x"');
    expect(seen.header('Any')).toBeUndefined();
    return seen;
  }, message);
  expect.assertions(5);
});

it('keeps the stored message if the mapper returns it', () => {
  const message = storedMessage('1');
  expect(apply((seen) => seen, message)).toEqual({ kind: 'message', message });
});

it.each<[string, unknown, string]>([
  ['bytes', new Uint8Array([104, 105]), 'hi'],
  ['text', '{"b":2}', '{"b":2}'],
  ['an object, as JSON', { b: [2] }, '{"b":[2]}'],
  ['null, as JSON', null, 'null'],
  ['nothing', '', ''],
])('accepts as payload %s', (_, payload, text) => {
  expect(mapped(() => ({ payload }))).toEqual({ text, event: undefined });
});

it('keeps the payload if only the name is set, and vice versa', () => {
  expect(mapped(() => ({ event: 'created' }))).toEqual({ text: '{"a":1}', event: 'created' });
  expect(mapped(() => ({}))).toEqual({ text: '{"a":1}', event: undefined });
});

it('keeps position, time and subject', () => {
  const message = storedMessage('1');
  const result = apply(() => ({ payload: 2 }), message);
  const { subject, sequence, timeNanos, timeDigits } = message;
  expect(result).toMatchObject({ message: { subject, sequence, timeNanos, timeDigits } });
});

it('drops messages for which the mapper returns undefined', () => {
  expect(apply(() => undefined)).toEqual({ kind: 'dropped' });
});

it('gives each call its own copy, because hubs share the published bytes', () => {
  const message = storedMessage('secret');
  mapped((seen) => ({ payload: seen.payload.fill(42) }), message);
  expect(Buffer.from(message.data).toString()).toBe('secret');
});

it.each<[string, MessageMapper['map'], string]>([
  ['a thrown error', () => JSON.parse('{') as never, 'JSON'],
  ['a thrown text', () => { throw 'no' as unknown as Error; }, 'no'], // prettier-ignore
  ['null', returning(null), 'returned null'],
  ['text', returning('x'), 'returned string'],
  ['an undefined payload', returning({ payload: undefined }), 'undefined payload'],
  ['a payload without JSON', returning({ payload: () => 1 }), 'not a JSON value'],
  ['a name that is no text', returning({ event: 1 }), 'a number as event'],
])('fails, and sends nothing, for %s', (_, map, message) => {
  expect(failure(map)).toContain(message);
});

it('rejects a promise, and catches its rejection', async () => {
  const rejections: unknown[] = [];
  const listen = (reason: unknown): unknown => rejections.push(reason);
  process.on('unhandledRejection', listen);
  expect(failure(returning(Promise.reject(new Error('later'))))).toContain('must be synchronous');
  // Unhandled rejections are reported after the microtasks, before the next immediates.
  await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
  process.off('unhandledRejection', listen);
  expect(rejections).toEqual([]);
});

it('sends nothing until a mapper is resolved', () => {
  const mapping = new HubMapping(HUB, DEFAULT_FORMAT);
  expect(mapping.apply(storedMessage('secret'), 'new').kind).toBe('failed');
});

it('passes no bytes for a deleted key, but its operation', () => {
  const headers = { values: (name: string) => (name === 'KV-Operation' ? ['DEL'] : []) };
  const mapping = new HubMapping(HUB, { keyOperations: true });
  const map = jest.fn<undefined, Parameters<MessageMapper['map']>>();
  mapping.use({ map });
  mapping.apply(storedMessage('old', { headers: headers as never }), 'key');
  expect(map.mock.calls[0]?.[0]).toMatchObject({ operation: 'delete' });
  expect(map.mock.calls[0]?.[0].payload).toHaveLength(0);
});
