import { Logger } from '@nestjs/common';
import { ServiceLogger, type ServiceLoggerOptions } from './service-logger.js';

let output: string[];
beforeEach(() => {
  output = [];
  const capture = (chunk: unknown): boolean => {
    output.push(String(chunk));
    return true;
  };
  jest.spyOn(process.stdout, 'write').mockImplementation(capture);
  jest.spyOn(process.stderr, 'write').mockImplementation(capture);
});
afterEach(() => {
  jest.restoreAllMocks();
  jest.useRealTimers();
  Logger.overrideLogger(false);
});

function logger(options: Partial<ServiceLoggerOptions> = {}, context = 'Hub'): Logger {
  Logger.overrideLogger(new ServiceLogger({ level: 'trace', json: true, ...options }));
  return new Logger(context);
}
const lines = (): Record<string, unknown>[] =>
  output.map((line) => JSON.parse(line) as Record<string, unknown>);

describe('JSON lines', () => {
  it('puts the fields of an object at the top of one line', () => {
    logger().log({ msg: 'stream opened', topics: ['a'], replay_mode: 'deliver_new' });
    expect(output).toHaveLength(1);
    expect(output[0]).toMatch(/^\{.*\}\n$/);
    expect(lines()[0]).toEqual({
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/) as string,
      level: 'info',
      msg: 'stream opened',
      pid: process.pid,
      context: 'Hub',
      topics: ['a'],
      replay_mode: 'deliver_new',
    });
  });

  it('does the same for fields after a text', () => {
    logger().warn('stream ended', { disconnect_reason: 'slow_client' });
    expect(lines()[0]).toMatchObject({
      level: 'warn',
      msg: 'stream ended',
      disconnect_reason: 'slow_client',
    });
  });

  it('keeps its own fields if others have the same names', () => {
    logger().log({ msg: 'x', level: 'fatal', time: 'then', pid: -1 });
    expect(lines()[0]).toMatchObject({ level: 'info', msg: 'x', pid: process.pid });
    expect(lines()[0]?.time).not.toBe('then');
  });

  it('keeps one line per entry, whatever a client wrote', () => {
    logger().log({ msg: 'cursor ignored', last_event_id: 'a\nb\u2028{"level":"fatal"}' });
    expect(output.join('').split('\n')).toHaveLength(2);
    expect(lines()[0]?.last_event_id).toBe('a\nb\u2028{"level":"fatal"}');
  });

  it('prints errors, alone and in fields, and numbers above 2^53', () => {
    const log = logger();
    log.error(new TypeError('broken'));
    log.error({ msg: 'reading failed', err: new RangeError('far'), sequence: 2n ** 60n });
    expect(lines()[0]).toMatchObject({ msg: 'broken', error: { name: 'TypeError' } });
    expect(lines()[1]).toMatchObject({
      level: 'error',
      err: { name: 'RangeError', message: 'far', stack: expect.any(String) as string },
      sequence: String(2n ** 60n),
    });
  });
});

describe('LOG_LEVEL', () => {
  it.each([
    ['trace', 6],
    ['debug', 5],
    ['info', 4],
    ['warn', 3],
    ['error', 2],
    ['fatal', 1],
    ['silent', 0],
  ] as const)('%s prints %i of six levels', (level, count) => {
    const log = logger({ level });
    for (const method of ['verbose', 'debug', 'log', 'warn', 'error', 'fatal'] as const) {
      log[method]('line');
    }
    expect(output).toHaveLength(count);
  });
});

it('prints the assembly of modules only at debug level', () => {
  logger({ level: 'info' }, 'InstanceLoader').log('AppModule dependencies initialized');
  expect(output).toEqual([]);
  logger({ level: 'debug' }, 'InstanceLoader').log('AppModule dependencies initialized');
  expect(lines()).toMatchObject([{ level: 'debug' }]);
});

describe('for people', () => {
  it('prints text followed by the fields', () => {
    logger({ json: false }).log({ msg: 'stream opened', topics: ['a'] });
    expect(output.join('')).toMatch(/LOG.*Hub.*stream opened.*topics.*a/);
  });
});

describe('repeated lines', () => {
  it('prints the first of a second, then how many were suppressed', () => {
    jest.useFakeTimers();
    const log = logger({ linesPerSecond: 3 });
    for (let i = 0; i < 50; i++) log.log({ msg: 'stream ended', client: i });
    log.log('something else');
    expect(lines().map((line) => line.msg)).toEqual([
      'stream ended',
      'stream ended',
      'stream ended',
      'something else',
    ]);
    jest.advanceTimersByTime(1000);
    expect(lines()[4]).toMatchObject({
      level: 'info',
      context: 'Hub',
      msg: 'stream ended (repeated)',
      suppressed: 47,
    });
    log.log({ msg: 'stream ended' });
    expect(lines()[5]).toMatchObject({ msg: 'stream ended' });
  });

  it('limits bytes as well', () => {
    jest.useFakeTimers();
    const log = logger({ bytesPerSecond: 10_000 });
    const topics = Array.from({ length: 8 }, () => 'x'.repeat(256));
    for (let i = 0; i < 50; i++) log.log({ msg: 'stream closed', topics });
    const printed = output.length;
    expect(output.join('').length).toBeLessThan(10_000 + 2_500);
    jest.advanceTimersByTime(1000);
    expect(lines().at(-1)).toMatchObject({ suppressed: 50 - printed });
    log.log({ msg: 'stream closed' });
    expect(lines().at(-1)?.msg).toBe('stream closed');
  });

  it('limits its memory', () => {
    jest.useFakeTimers();
    const log = logger({ linesPerSecond: 1 });
    for (let i = 0; i < 1500; i++) log.log(`line ${i}`);
    expect(output).toHaveLength(1001);
    jest.advanceTimersByTime(1000);
    expect(lines().at(-1)).toMatchObject({ suppressed: 499 });
  });
});
