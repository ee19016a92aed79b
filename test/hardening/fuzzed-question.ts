import fc from 'fast-check';
import type { FuzzedRequest } from './fuzzed-request.js';

/** Subjects that an attacker may try to reach, and texts to break out of the subject. */
const evil = fc.constantFrom(
  '$JS.API.STREAM.DELETE.EVENTS',
  '%24JS/API/STREAM/PURGE/EVENTS',
  '$SYS/REQ/SERVER/PING',
  '$SRV.PING',
  '$KV/config/a',
  '_INBOX/abc',
  '../events/a',
  '..%2f..%2f%24JS',
  '*',
  '>',
  '%2A/%3E',
  'a.*.>',
  'a%20b',
  'a%0d%0aPUB%20x%201',
  'a%00b',
  'a%09_INBOX.x',
  '%E0%A4%A',
  '%',
  'nuts%E2%86%92ask',
  '__proto__',
  `${'a.'.repeat(200)}a`,
  'x'.repeat(300),
);
/** Subjects that begin with z get no reply. */
const word = fc.stringMatching(/^[az_][a-zA-Z0-9_-]{0,7}$/);
const subject = fc.oneof(
  { weight: 3, arbitrary: fc.array(word, { minLength: 1, maxLength: 4 }).map((w) => w.join('/')) },
  { weight: 1, arbitrary: fc.array(word, { minLength: 1, maxLength: 4 }).map((w) => w.join('.')) },
  { weight: 3, arbitrary: evil },
  fc.tuple(word, evil).map((pair) => pair.join('/')),
  fc.string({ unit: 'binary', maxLength: 12 }).map((text) => Buffer.from(text).toString('latin1')),
);
const target = fc
  .tuple(
    fc.oneof(
      { weight: 6, arbitrary: fc.constant('/services/') },
      fc.constantFrom('/asked/', '/services', '//services/', '/SERVICES/'),
    ),
    subject,
    fc.constantFrom('', '', '?topic=$JS.API.INFO', '?subject=b&reply=services.c', '?%00'),
  )
  .map((parts) => parts.join('').replace(/[^!-~]/g, ''));

const header = fc.oneof(
  fc.tuple(
    fc.constantFrom('Accept'),
    fc.constantFrom('text/event-stream', 'application/json', '*/*', 'text/event-stream, */*', ''),
  ),
  fc.tuple(
    fc.constantFrom(
      'Nats-Msg-Id',
      'Nats-Rollup',
      'Nats-Expected-Stream',
      'Nuts-Header-Nats-Msg-Id',
      'Nuts-Header-Reply-To',
      'Nats-Reply-To',
      'Reply-To',
      'traceparent',
    ),
    fc.constantFrom('x', 'all', 'services.evil', '00-4bf92f3577b34da6a3ce929d0e0e4736-x-01'),
  ),
  fc.tuple(fc.constant('Content-Type'), fc.constantFrom('application/json', 'text/plain', '\x7f')),
  fc.tuple(fc.constant('Origin'), fc.constantFrom('https://a.example', 'null', 'x'.repeat(200))),
  fc.tuple(fc.constant('Cookie'), fc.constantFrom('token=a.b.c', 'token=', 'a=b')),
  fc.tuple(
    fc.constant('Authorization'),
    fc.constantFrom('Bearer a.b.c', 'Bearer eyJhbGciOiJub25lIn0.e30.', 'Basic YTpi', 'x'),
  ),
  fc.tuple(fc.constant('Idempotency-Key'), fc.string({ maxLength: 20 })),
);

const body = fc.oneof(
  fc.constant(''),
  fc.json(),
  fc.string({ unit: 'binary', maxLength: 200 }).map((text) => Buffer.from(text).toString('latin1')),
  fc.constantFrom('\r\n', '0\r\n\r\n', 'PUB x 1\r\nx', 'z'.repeat(5_000)),
);

const framed = fc
  .tuple(body, fc.integer({ min: 0, max: 3 }))
  .map(([bytes, way]) =>
    way === 0
      ? [
          'Transfer-Encoding: chunked',
          '',
          `${bytes.length === 0 ? '' : `${bytes.length.toString(16)}\r\n${bytes}\r\n`}0\r\n\r\n`,
        ]
      : [`Content-Length: ${bytes.length}`, '', bytes],
  );

const question = fc
  .tuple(
    fc.constantFrom('POST', 'POST', 'POST', 'POST', 'POST', 'POST', 'PUT', 'GET', 'OPTIONS'),
    target,
    fc.array(header, { maxLength: 4 }),
    framed,
  )
  .map(([verb, where, headers, [framing = '', empty = '', bytes = '']]) =>
    [
      `${verb} ${where} HTTP/1.1`,
      'Host: fuzz',
      ...headers.map(([name, value]) => `${name}: ${value.replace(/[^\t -~]/g, '')}`),
      framing,
      empty,
      bytes,
    ].join('\r\n'),
  );

/** Framing that does not match the body; the connection cannot be used afterwards. */
const liar = fc
  .tuple(
    target,
    fc.constantFrom(
      'Content-Length: -1',
      'Content-Length: 5\r\nContent-Length: 6',
      'Content-Length: 99999999999',
      'Transfer-Encoding: chunked\r\nContent-Length: 3',
      'Transfer-Encoding: gzip',
    ),
    body,
  )
  .map(([where, framing, bytes]) =>
    [`POST ${where} HTTP/1.1`, 'Host: fuzz', framing, '', bytes].join('\r\n'),
  );

/** The requests of one connection to services. */
export const fuzzedQuestions: fc.Arbitrary<FuzzedRequest[]> = fc
  .tuple(
    fc.array(question, { minLength: 1, maxLength: 3 }),
    fc.option(liar, { freq: 8, nil: undefined }),
  )
  .map(([requests, last]) => (last === undefined ? requests : [...requests, last]));
