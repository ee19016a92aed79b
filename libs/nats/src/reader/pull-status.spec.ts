import { headers, type Msg } from 'nats';
import { readPullStatus } from './pull-status.js';

function status(code: number, text: string, fields: Record<string, string> = {}): Msg {
  const head = headers(code, text);
  for (const [name, value] of Object.entries(fields)) head.append(name, value);
  return { headers: head } as unknown as Msg;
}

describe('readPullStatus', () => {
  it.each([
    [100, 'Idle Heartbeat', { type: 'heartbeat' }],
    [404, 'No Messages', { type: 'ended', why: 'empty', unfilled: 5, unusedBytes: 9 }],
    [408, 'Request Timeout', { type: 'ended', why: 'expired', unfilled: 5 }],
    [409, 'Message Size Exceeds MaxBytes', { type: 'ended', why: 'full', unfilled: 5 }],
    [409, 'Batch Completed', { type: 'ended', why: 'full' }],
    [409, 'Consumer Deleted', { type: 'failed', error: { kind: 'consumer_lost' } }],
    [409, 'Leadership Change', { type: 'failed', error: { kind: 'consumer_lost' } }],
    [409, 'Server Shutdown', { type: 'failed', error: { kind: 'consumer_lost' } }],
    [409, 'Exceeded MaxWaiting', { type: 'failed', error: { kind: 'refused' } }],
    [404, 'Consumer Not Found', { type: 'failed', error: { kind: 'consumer_lost' } }],
    [503, 'No Responders', { type: 'failed', error: { kind: 'consumer_lost' } }],
    [400, 'Bad Request', { type: 'failed', error: { kind: 'refused' } }],
  ])('reads %i %s', (code, text, expected) => {
    const fields = { 'Nats-Pending-Messages': '5', 'Nats-Pending-Bytes': '9' };
    expect(readPullStatus(status(code, text, fields))).toMatchObject(expected);
  });
});
