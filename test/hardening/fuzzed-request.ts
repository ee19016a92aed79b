import fc from 'fast-check';
import { cursor, junk, limit, parameter, start, topic, wellFormed } from './fuzzed-values.js';

/** Bytes of one HTTP/1.1 request of an untrusted client, in Latin-1. */
export type FuzzedRequest = string;

const path = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom('/events', '/secure', '/wild') },
  fc.constantFrom(
    '/events',
    '/events/',
    '/secure',
    '/wild',
    '/',
    '/metrics',
    '/livez',
    '/events/readyz',
    '//',
    '*',
    'http://[',
    'http://x/events',
    '/nuts%E2%86%92stream',
  ),
  fc.array(topic, { maxLength: 4 }).map((parts) => `/events/${parts.join('/')}`),
  junk.map((text) => `/${text}`),
);
const target = fc
  .tuple(path, fc.array(parameter, { maxLength: 5 }))
  .map(([where, query]) => (query.length > 0 ? `${where}?${query.join('&')}` : where));

const header = fc.oneof(
  fc.tuple(
    fc.constantFrom(
      'Origin',
      'Cookie',
      'Referer',
      'X-Forwarded-For',
      'Host',
      'Accept-Encoding',
      'If-None-Match',
      'Range',
    ),
    junk,
  ),
  fc.tuple(fc.constant('Origin'), fc.constantFrom('https://a.example', 'null', '*')),
  fc.tuple(fc.constant('Last-Event-ID'), cursor),
  fc.tuple(
    fc.constant('Accept'),
    fc.constantFrom(
      'text/event-stream',
      'application/json',
      'application/json;q=0.5, text/event-stream;q=0.1',
      '*/*',
      'TEXT/EVENT-STREAM;q=0',
      '',
    ),
  ),
  fc.tuple(
    fc.constant('Authorization'),
    fc.oneof(
      junk,
      junk.map((text) => `Bearer ${text}`),
      fc.constant('Bearer eyJhbGciOiJub25lIn0.e30.'),
    ),
  ),
  fc.tuple(
    fc.constant('Cookie'),
    junk.map((text) => `token=${text}`),
  ),
  fc.tuple(
    fc.constantFrom('Content-Length', 'Transfer-Encoding', 'Expect', 'Upgrade', 'Connection', 'TE'),
    fc.constantFrom(
      '0',
      '5',
      '-1',
      'chunked',
      '100-continue',
      'websocket',
      'Upgrade',
      'close',
      'keep-alive',
    ),
  ),
  fc.tuple(junk, junk),
);

const method = fc.oneof(
  { weight: 12, arbitrary: fc.constant('GET') },
  fc.constantFrom('HEAD', 'POST', 'OPTIONS', 'PUT', 'DELETE', 'TRACE', 'M-SEARCH', 'QUERY'),
);

/** Characters that are not allowed in a target, or in a header's value. */
const politeTarget = (text: string): string => text.replace(/[^!-~]/g, '');
const politeValue = (text: string): string => text.replace(/\p{Cc}/gu, '');
/** These close the connection or change its framing; one is enough to break a pipeline. */
const FRAMING = /^(content-length|transfer-encoding|expect|upgrade|connection|te)$/i;

const line = (verb: string, where: string, headers: readonly string[], body: string): string =>
  [`${verb} ${where} HTTP/1.1`, 'Host: fuzz', ...headers, '', body].join('\r\n');

/** Well-formed requests with unusual contents: they reach the application. */
const polite = fc
  .tuple(method, target, fc.array(header, { maxLength: 4 }))
  .map(([verb, where, headers]) =>
    line(
      verb,
      politeTarget(where),
      headers
        .filter(([name]) => /^[A-Za-z-]+$/.test(name) && !FRAMING.test(name))
        .map(([name, value]) => `${name}: ${politeValue(value)}`),
      '',
    ),
  );

/** Requests for history that are likely to succeed: streams with `start`, and pages. */
const reading = fc
  .tuple(
    fc.constantFrom('/events', '/wild', '/pub'),
    fc.array(fc.stringMatching(/^[a-z]{1,4}$/), { minLength: 1, maxLength: 3 }),
    start,
    fc.option(limit, { nil: undefined }),
    fc.constantFrom('text/event-stream', 'application/json'),
    fc.option(cursor, { freq: 3, nil: undefined }),
  )
  .map(([where, topics, from, most, accept, id]) =>
    line(
      'GET',
      `${where}?${[
        ...topics.map((name) => `topic=${name}`),
        `start=${encodeURIComponent(wellFormed(from))}`,
        ...(most === undefined ? [] : [`limit=${encodeURIComponent(wellFormed(most))}`]),
      ].join('&')}`,
      [`Accept: ${accept}`, ...(id === undefined ? [] : [`Last-Event-ID: ${politeValue(id)}`])],
      '',
    ),
  );

const publishPath = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.stringMatching(/^\/(pub|bare\/events)(\/[a-z]{1,4}){1,2}$/),
  },
  fc.constantFrom('/pub', '/bare', '/secure', '/events', '/wild'),
  fc.array(topic, { minLength: 1, maxLength: 3 }).map((parts) => `/pub/${parts.join('/')}`),
  fc.array(topic, { minLength: 1, maxLength: 3 }).map((parts) => `/bare/${parts.join('/')}`),
);
const publishHeader = fc.oneof(
  fc.tuple(
    fc.constant('Content-Type'),
    fc.oneof(fc.constantFrom('application/json', 'text/plain', 'multipart/form-data'), junk),
  ),
  fc.tuple(fc.constant('Idempotency-Key'), fc.oneof(fc.constantFrom('a', 'b', ''), junk)),
  fc.tuple(
    fc.constantFrom('If-Match', 'If-None-Match'),
    fc.oneof(fc.constantFrom('*', '"1"', '"0"', 'W/"1"'), cursor, junk),
  ),
  fc.tuple(
    fc.constantFrom(
      'Nuts-Header-Kind',
      'Nuts-Header-Nats-Msg-Id',
      'Nuts-Header-Nats-Rollup',
      'Nats-Rollup',
      'Nats-Expected-Stream',
      'Nats-TTL',
      'Reply-To',
      'traceparent',
    ),
    fc.oneof(fc.constantFrom('all', 'sub', '1s'), junk),
  ),
  header,
);

/** Well-formed publish requests with a correct body length. */
const publishing = fc
  .tuple(
    fc.tuple(
      publishPath,
      fc.oneof({ weight: 3, arbitrary: fc.constant([]) }, fc.array(parameter, { maxLength: 2 })),
    ),
    fc.array(publishHeader, { maxLength: 5 }),
    fc.oneof(junk, fc.json(), fc.constant('x'.repeat(5_000))),
    fc.constantFrom('POST', 'POST', 'POST', 'PUT', 'DELETE'),
  )
  .map(([[where, query], headers, text, verb]) => {
    const body = Buffer.from(text).toString('latin1');
    return line(
      verb,
      politeTarget(query.length > 0 ? `${where}?${query.join('&')}` : where),
      [
        ...headers
          .filter(([name]) => /^[A-Za-z-]+$/.test(name) && !FRAMING.test(name))
          .map(([name, value]) => `${name}: ${politeValue(value)}`),
        `Content-Length: ${body.length}`,
      ],
      body,
    );
  });

/** Requests that Node's parser is likely to refuse; each ends its header block. */
const rude = fc.oneof(
  {
    weight: 6,
    arbitrary: fc
      .tuple(
        fc.oneof(method, fc.constantFrom('CONNECT', 'PRI', 'get', '')),
        target,
        fc.array(header, { maxLength: 5 }),
        fc.constantFrom('', '', 'hello'),
      )
      .map(([verb, where, headers, body]) =>
        line(
          verb,
          where,
          headers.map(([name, value]) => `${name}: ${value}`),
          body,
        ),
      ),
  },
  // Empty lines alone are not a request, and get no response.
  junk.map((text) => `x${text}\r\n\r\n`),
  fc.constantFrom(
    'GET /events?topic=a HTTP/1.0\r\n\r\n',
    'GET /events?topic=a HTTP/2.0\r\nHost: x\r\n\r\n',
    'GET /events?topic=a\r\n\r\n',
    `GET /events?topic=a HTTP/1.1\r\nHost: x\r\nX: ${'y'.repeat(40_000)}\r\n\r\n`,
  ),
);

/** The requests of one connection: mostly valid, because one invalid request ends the others. */
export const fuzzedPipeline: fc.Arbitrary<FuzzedRequest[]> = fc
  .tuple(
    fc.array(fc.oneof({ weight: 2, arbitrary: polite }, reading, publishing), {
      minLength: 1,
      maxLength: 8,
    }),
    fc.option(rude, { freq: 3, nil: undefined }),
  )
  .map(([requests, last]) => (last === undefined ? requests : [...requests, last]));
