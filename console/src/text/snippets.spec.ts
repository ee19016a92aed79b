import { clientSnippet, curlLine, eventSourceSnippet, streamAddress } from './snippets.js';

const shown = {
  url: 'https://events.example/events',
  topics: ['orders.>', 'a'],
  start: 'PT5M',
  cursor: '',
  needsToken: true,
  eventType: 'message',
  payloadFormat: 'envelope',
} as const;

it('contains the URL of the current stream', () => {
  expect(streamAddress(shown)).toBe(
    'https://events.example/events?topic=orders.>&topic=a&start=PT5M',
  );
  expect(streamAddress({ ...shown, cursor: '7' })).toContain('&last-id=7');
  expect(streamAddress({ ...shown, start: 'live' })).not.toContain('start');
});

it('uses a variable for the token and quotes the URL for a shell', () => {
  expect(curlLine(shown)).toContain('-H "Authorization: Bearer $TOKEN"');
  expect(curlLine({ ...shown, topics: ["a'; rm x; '"] })).toMatch(/'[^']*(%27|'\\'')[^;]*'$/);
});

it('escapes untrusted names as string literals', () => {
  const topics = ['"`${x}'];
  const address = /new EventSource\(("[^\s]*"),/.exec(
    eventSourceSnippet({ ...shown, topics }),
  )?.[1];
  expect(JSON.parse(address ?? '')).toBe(streamAddress({ ...shown, topics }));
  const list = /subscribe\((\[.*\]),/.exec(clientSnippet({ ...shown, topics }))?.[1];
  expect(JSON.parse(list ?? '')).toEqual(topics);
});

it('adds listeners for the event names of the hub', () => {
  expect(eventSourceSnippet(shown)).toContain(`source.addEventListener("message", show);`);
  const byTopic = eventSourceSnippet({ ...shown, eventType: 'topic', payloadFormat: 'raw' });
  expect(byTopic).toContain(`source.addEventListener("a", show);`);
  expect(byTopic).not.toMatch(/"orders\.>", show|JSON\.parse/);
});
