import type { Message } from '@nuts/client';
import { connectedSpans } from './connected-spans.js';
import { EventLog } from './event-log.js';
import { numberAt, numericFields } from './numeric-fields.js';
import { Series } from './series.js';
import { Timeline } from './timeline.js';
import { TopicBoard } from './topic-board.js';

const message = (id: number, payload: unknown, topic = 'a'): Message => ({
  topic,
  payload,
  id: String(id),
  time: new Date(id * 1_000).toISOString(),
  event: 'message',
});

describe('the event log', () => {
  it('keeps the newest events, newest first, and applies the filter to them', () => {
    const log = new EventLog();
    log.filter = 'Even';
    for (let id = 1; id <= 3_000; id += 1) {
      log.addMessage(message(id, id % 2 === 0 ? 'even' : 'odd'), undefined, 0);
    }
    expect([log.total, log.count]).toEqual([3_000, 1_000]);
    expect(log.lines(0, 2).map(({ id }) => id)).toEqual(['3000', '2998']);
    expect(log.lines(998, 1_010).map(({ id }) => id)).toEqual(['1004', '1002']);
    log.filter = '';
    expect(log.count).toBe(2_000);
  });

  it('does not change while it is paused, and counts the events it did not show', () => {
    const log = new EventLog();
    log.addMessage(message(1, 1), undefined, 0);
    log.pause();
    log.addMessage(message(2, 2), undefined, 0);
    log.addGap({ reason: 'oversized', id: '3' }, 0);
    expect([log.count, log.missed]).toEqual([1, 2]);
    log.resume();
    expect(log.lines(0, 9).map(({ kind }) => kind)).toEqual(['gap', 'message', 'message']);
  });

  it('distinguishes deleted keys from null values', () => {
    const log = new EventLog();
    log.addMessage({ ...message(1, null), operation: 'put' }, undefined, 0);
    log.addMessage({ ...message(2, null), operation: 'delete' }, undefined, 0);
    expect(log.lines(0, 2).map((event) => event.preview)).toEqual(['(delete)', 'null']);
  });

  it('limits its size in bytes', () => {
    const log = new EventLog();
    const data = 'x'.repeat(1_000_000);
    for (let id = 1; id <= 50; id += 1) log.addMessage(message(id, data), data, 0);
    expect(log.count).toBeLessThan(20);
  });
});

describe('the topic board', () => {
  it('counts live events per second and keeps the newest value', () => {
    const board = new TopicBoard();
    const at = 1_000_000;
    board.take('b', '1', { n: 1 }, at, false);
    for (let index = 0; index < 50; index += 1)
      board.take('b', '2', { n: 2 }, at + index * 100, true);
    board.take('a', '3', 'x', at, true);
    expect(board.sorted().map(({ topic }) => topic)).toEqual(['a', 'b']);
    expect(board.get('b')?.rate(at + 5_000)).toBe(10);
    expect(board.get('b')?.preview).toBe('{n: 2}');
    expect(board.get('b')?.rate(at + 60_000)).toBe(0);
  });

  it('removes the least active topic at the limit', () => {
    const board = new TopicBoard();
    for (let index = 0; index < 1_001; index += 1) board.take(`t${index}`, '1', 1, index, true);
    expect(board.get('t0')).toBeUndefined();
    expect(board.sorted()).toHaveLength(1_000);
  });
});

describe('numeric fields of a payload', () => {
  it('are found by path, also in names with dots', () => {
    const payload = { a: 1, b: { 'c.d': 2, e: ['x', 3] }, f: '4', g: null };
    const fields = numericFields(payload);
    expect(fields).toEqual(['a', 'b.c\\.d', 'b.e.1']);
    expect(fields.map((field) => numberAt(payload, field))).toEqual([1, 2, 3]);
    expect(numberAt(payload, 'b.constructor')).toBeUndefined();
    expect(numericFields(5)).toEqual(['(payload)']);
    expect(numberAt(5, '(payload)')).toBe(5);
  });
});

describe('a series', () => {
  it('adds each message once and stays limited', () => {
    const series = new Series();
    series.add('5', '2026-01-01T00:00:00.5Z', 0, 1);
    series.add('5-1790513389663997004', '2026-01-01T00:00:00.5Z', 0, 1);
    series.add('4', '', 0, 1);
    expect(series.values).toEqual([1]);
    expect(series.times).toEqual([Date.parse('2026-01-01T00:00:00.5Z') / 1_000]);
    for (let id = 6; id < 60_000; id += 1) series.add(String(id), '', id, id);
    expect(series.values.length).toBeLessThanOrEqual(50_000);
    expect(series.values.at(-1)).toBe(59_999);
  });
});

it('the timeline counts consecutive heartbeats', () => {
  const timeline = new Timeline();
  timeline.add('connected', 'live', 1, 5);
  for (const at of [2, 3, 4]) timeline.add('heartbeat', 'after 1 s of silence', at);
  expect(timeline.moments).toMatchObject([
    { kind: 'connected' },
    { kind: 'heartbeat', times: 3, at: 4 },
  ]);
});

it('the spans of a connection end where it was lost, and the last one is open', () => {
  const timeline = new Timeline();
  timeline.add('connecting', '', 1);
  timeline.add('connected', '', 2);
  timeline.add('cut', '', 5);
  timeline.add('waiting', '', 6);
  timeline.add('connected', '', 8);
  timeline.add('live', '', 9);
  expect(connectedSpans(timeline.moments, 20)).toEqual([
    { from: 2, to: 5 },
    { from: 8, to: 20 },
  ]);
});
