import { DEFAULT_FORMAT, storedMessage } from '../frames/message.fixture.js';
import type { DroppedMessage } from '../hub/drop-report.js';
import type { FrameFormat } from '../hub/hub-options.interface.js';
import { LogEntry } from '../log/log-entry.js';
import { HubMapping } from '../mapping/hub-mapping.js';
import type { MessageMapper } from '../mapping/message-mapper.interface.js';
import { DroppedMessages } from './dropped-messages.js';
import { EntryEncoder, type EncodedForm } from './entry-encoder.js';

const PUBLISHED = { order: 7, margin: 12 };

const hideMargin: MessageMapper['map'] = ({ payload }) => {
  const { order } = JSON.parse(Buffer.from(payload).toString()) as typeof PUBLISHED;
  return { payload: { order }, event: 'order' };
};

function encoder(
  map: MessageMapper['map'],
  {
    form,
    drops,
    ...format
  }: { form?: EncodedForm; drops?: DroppedMessages } & Partial<FrameFormat> = {},
): EntryEncoder {
  const mapping = new HubMapping({ name: 'shop', path: '/shop' }, DEFAULT_FORMAT);
  mapping.use({ map });
  return new EntryEncoder({ ...DEFAULT_FORMAT, ...format }, 'orders.', { form, mapping, drops });
}

const message = storedMessage(JSON.stringify(PUBLISHED));
const entry = new LogEntry(message);
const fail: MessageMapper['map'] = () => {
  throw new Error('no margin');
};

const PATHS: [string, (map: MessageMapper['map']) => string | undefined][] = [
  ['an event', (map) => encoder(map).encode(entry)?.bytes.toString()],
  ['an initial value', (map) => encoder(map).encodeInitial(entry)?.bytes.toString()],
  ['an item of a page', (map) => encoder(map, { form: 'item' }).encode(entry)?.bytes.toString()],
];

it.each(PATHS)('hides a field and names the event in %s', (_, encode) => {
  const text = encode(hideMargin);
  expect(text).toContain('"payload":{"order":7}');
  expect(text).toMatch(/^event: order\n|,"event":"order"/);
  expect(text).not.toContain('margin');
});

it.each(PATHS)('sends no byte of what the mapper failed at in %s', (path, encode) => {
  const text = encode(fail);
  if (path === 'an item of a page') expect(text).toMatch(/^,\{.*"gap":"mapper_error"/);
  else expect(text).toMatch(/^event: gap\n.*"reason":"mapper_error"/);
  expect(text).not.toContain('margin');
});

it.each(PATHS)('sends nothing of what the mapper dropped in %s', (_, encode) => {
  expect(encode(() => undefined)).toBeUndefined();
});

it('prepares the same for a replay', () => {
  expect(encoder(hideMargin).prepare(message).pieces?.payload).toEqual(
    new TextEncoder().encode('{"order":7}'),
  );
  expect(encoder(fail).prepare(message)).toMatchObject({ dropped: 'mapper_error' });
});

it('tells of what the mapper dropped', () => {
  const dropped: DroppedMessage[] = [];
  const frames = encoder(() => undefined);
  frames.onDrop((one) => dropped.push(one));
  frames.encode(entry);
  expect(dropped).toMatchObject([{ reason: 'mapper_dropped', sequence: 12345 }]);
});

it('calls the mapper once for all that ask for the message', () => {
  const map = jest.fn(hideMargin);
  const frames = encoder(map);
  for (let i = 0; i < 5; i++) frames.encode(entry);
  expect(map).toHaveBeenCalledTimes(1);
});

it('tells of each drop once, whether a stream or a page came upon it', () => {
  const dropped: DroppedMessage[] = [];
  const drops = new DroppedMessages();
  drops.listen((one) => dropped.push(one));
  for (const form of ['frame', 'item'] as const) encoder(fail, { form, drops }).prepare(message);
  expect(dropped).toEqual([
    {
      reason: 'mapper_error',
      topic: 'new',
      sequence: 12345,
      size: message.data.length,
      error: expect.objectContaining({ message: 'no margin' }) as unknown,
    },
  ]);
});

it('announces nothing where the hub has no gap events', () => {
  for (const form of ['frame', 'item'] as const) {
    const silent = encoder(fail, { form, gapEvents: false }).prepare(message);
    expect([silent.pieces, silent.dropped]).toEqual([undefined, 'mapper_error']);
  }
});

it('measures what the mapper made', () => {
  const large = storedMessage(JSON.stringify('x'.repeat(500)));
  const short = encoder(() => ({ payload: 1 }), { maxEventBytes: 200 });
  expect(short.prepare(large).dropped).toBeUndefined();
  const long = encoder(() => ({ payload: 'x'.repeat(500) }), { maxEventBytes: 200 });
  expect(long.prepare(message).dropped).toBe('raw_payload');
});

it.each(['gap', 'connected', 'a b', ''])('sends no event that is called «%s»', (event) => {
  expect(
    encoder(() => ({ event }))
      .encode(entry)
      ?.bytes.toString(),
  ).toMatch(/^event: message\n/);
});

it("leaves the server's own messages out without asking the mapper", () => {
  const map = jest.fn(hideMargin);
  const headers = { has: (name: string) => name === 'Nats-Schedule' };
  const scheduled = storedMessage('1', { headers: headers as never });
  expect(encoder(map).prepare(scheduled).dropped).toBe('control_message');
  expect(map).not.toHaveBeenCalled();
});
