import { acknowledgedError, unacknowledgedError } from './publish-errors.js';

it.each([
  [10071, 'wrong last sequence: 7', 'conflict'],
  [10164, 'wrong last sequence', 'conflict'],
  [10060, 'expected stream does not match', 'wrong_stream'],
  [10054, 'message size exceeds maximum allowed', 'too_large'],
  [10077, 'maximum messages exceeded', 'full'],
  [10077, 'maximum bytes exceeded', 'full'],
  [10077, 'maximum messages per subject exceeded', 'full'],
  [10077, 'store is closed', 'unknown'],
  [10077, 'write: input/output error', 'unknown'],
  [10158, 'duplicate message id is in process', 'unknown'],
  [10109, 'invalid operation on sealed stream', 'refused'],
  [10999, 'something new', 'refused'],
  [undefined, 'raft: not leader', 'unknown'],
])('%s «%s» is %s', (err_code, description, kind) => {
  const error = { code: 503, description, ...(err_code !== undefined && { err_code }) };
  expect(acknowledgedError('Publishing', error)).toMatchObject({ kind, reason: description });
});

it.each([
  ['503', 'unavailable'],
  ['PERMISSIONS_VIOLATION', 'denied'],
  ['MAX_PAYLOAD_EXCEEDED', 'too_large'],
  ['TIMEOUT', 'unknown'],
  ['CONNECTION_CLOSED', 'unknown'],
  ['', 'unknown'],
])('without an acknowledgement, %j is %s', (code, kind) => {
  expect(unacknowledgedError('Publishing', Object.assign(new Error(), { code })).kind).toBe(kind);
});
