import type { WorkerAssignment, WorkerMessage } from './worker-messages.js';
import { WorkerSlot } from './worker-slot.js';
import type { WorkerEvents, WorkerProcess } from './worker-process.interface.js';

/** A process that is controlled by the test. */
class FakeProcess implements WorkerProcess {
  readonly pid = 1;
  readonly sent: WorkerMessage[] = [];
  readonly signals: string[] = [];

  constructor(
    readonly assignment: WorkerAssignment,
    readonly events: WorkerEvents,
  ) {}

  send(message: WorkerMessage): void {
    this.sent.push(message);
  }

  kill(signal: NodeJS.Signals): void {
    this.signals.push(signal);
    this.die(null, signal);
  }

  serve(): void {
    this.events.message({ type: 'serving' });
  }

  die(code: number | null, signal: string | null = null): void {
    this.events.exit({ code, signal });
  }
}

let processes: FakeProcess[];
let failures: string[];
let waits: number[];
let slot: WorkerSlot;
const newest = (): FakeProcess => processes.at(-1) as FakeProcess;

beforeEach(() => {
  jest.useFakeTimers();
  [processes, failures, waits] = [[], [], []];
  slot = new WorkerSlot(
    { worker: 3, port: 8080 },
    {
      start: (assignment, events) => {
        const process = new FakeProcess(assignment, events);
        processes.push(process);
        return process;
      },
      answer: () => Promise.resolve(undefined),
      serving: () => undefined,
      replaced: (_exit, afterMs) => waits.push(afterMs),
      failed: (sentence) => failures.push(sentence),
      retired: () => undefined,
    },
  );
  slot.start();
});
afterEach(() => jest.useRealTimers());

describe('a worker that dies', () => {
  it('is replaced at once, with the same number', () => {
    newest().serve();
    newest().die(null, 'SIGKILL');
    expect(slot.isServing).toBe(false);
    jest.advanceTimersByTime(0);
    expect(processes).toHaveLength(2);
    expect(processes.map(({ assignment }) => assignment)).toEqual([
      { worker: 3, port: 8080, isReplacement: false },
      { worker: 3, port: 8080, isReplacement: true },
    ]);
  });

  it('repeatedly is replaced with increasing delay, until one has lived for a while', () => {
    for (let n = 0; n < 10; n++) {
      newest().serve();
      newest().die(1);
      jest.runOnlyPendingTimers();
    }
    expect(waits.slice(0, 4)).toEqual([0, 200, 400, 800]);
    expect(Math.max(...waits)).toBe(10_000);
    newest().serve();
    jest.advanceTimersByTime(11_000);
    newest().die(1);
    expect(waits.at(-1)).toBe(0);
    expect(failures).toEqual([]);
  });
});

describe('a worker that cannot start', () => {
  it('ends the service with its error message if the service never ran', () => {
    newest().events.message({ type: 'failed', sentence: 'stream_name: no such stream' });
    newest().die(1);
    expect(failures).toEqual(['stream_name: no such stream']);
    jest.runOnlyPendingTimers();
    expect(processes).toHaveLength(1);
  });

  it('ends the service with its exit code if it gave no reason', () => {
    newest().die(null, 'SIGKILL');
    expect(failures).toEqual(['worker 3 ended while it started: signal SIGKILL']);
  });

  it('as a replacement ends the service only after five attempts in a row', () => {
    newest().serve();
    newest().die(1);
    for (let n = 1; n <= 4; n++) {
      jest.runOnlyPendingTimers();
      newest().events.message({ type: 'failed', sentence: `failure ${n}` });
      newest().die(1);
    }
    expect(failures).toEqual([]);
    jest.runOnlyPendingTimers();
    newest().events.message({ type: 'failed', sentence: 'failure 5' });
    newest().die(1);
    expect(failures).toEqual(['failure 5']);
    jest.runOnlyPendingTimers();
    expect(processes).toHaveLength(6);
  });
});

it('a worker whose hubs can never work again ends the service', () => {
  newest().serve();
  newest().events.message({ type: 'failed', sentence: 'max_reconnects is used up' });
  newest().die(1);
  expect(failures).toEqual(['max_reconnects is used up']);
});

describe('a drain', () => {
  it('drains the worker, waits for its end, and starts no other', async () => {
    newest().serve();
    const drained = slot.drain(5_000);
    expect(newest().sent).toEqual([{ type: 'drain' }]);
    newest().die(0);
    await drained;
    jest.runOnlyPendingTimers();
    expect(processes).toHaveLength(1);
    expect(waits).toEqual([]);
  });

  it('kills a worker that takes too long', async () => {
    newest().serve();
    const drained = slot.drain(5_000);
    jest.advanceTimersByTime(5_000);
    await drained;
    expect(newest().signals).toEqual(['SIGKILL']);
  });

  it('completes at once if no worker is running', async () => {
    newest().serve();
    newest().die(1);
    await slot.drain(5_000);
    jest.runOnlyPendingTimers();
    expect(processes).toHaveLength(1);
  });
});
