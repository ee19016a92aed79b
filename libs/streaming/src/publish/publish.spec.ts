import { checkHeaders } from './publish-headers.js';
import { payloadBytes } from './publish-payload.js';

const text = (payload: unknown): string => Buffer.from(payloadBytes(payload)).toString();

it('sends bytes as they are, texts as text and everything else as JSON', () => {
  const bytes = Uint8Array.of(0, 255);
  expect(payloadBytes(bytes)).toBe(bytes);
  expect(text('grüße')).toBe('grüße');
  expect(text('{"n":1.0}')).toBe('{"n":1.0}');
  expect(text('')).toBe('');
  expect(text({ n: 1, left: undefined })).toBe('{"n":1}');
  expect([null, 0, false, []].map(text)).toEqual(['null', '0', 'false', '[]']);
});

const cycle: Record<string, unknown> = {};
cycle['self'] = cycle;
it.each([undefined, () => 1, Symbol('s'), 1n, cycle])(
  'rejects values without JSON text',
  (payload) => {
    expect(() => payloadBytes(payload)).toThrow(
      expect.objectContaining({ name: 'HubPublishError', kind: 'invalid_payload' }) as Error,
    );
  },
);

it('accepts headers without line breaks', () => {
  checkHeaders({ 'Nats-Msg-Id': 'order 1: ä', 'X_y!': '' });
});

it.each<Record<string, string>>([
  { '': 'a' },
  { 'a b': 'c' },
  { 'a:': 'b' },
  { 'a\r\nb': 'c' },
  { a: 'b\r\nX: c' },
  { ä: 'b' },
])('rejects the headers %j', (headers) => {
  expect(() => checkHeaders(headers)).toThrow(
    expect.objectContaining({ kind: 'invalid_header' }) as Error,
  );
});
