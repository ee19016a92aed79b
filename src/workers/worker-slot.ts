import type { MetricsSnapshot } from '@nuts/metrics';
import { WorkerRpc } from './worker-rpc.js';
import type {
  Question,
  WorkerAnswers,
  WorkerAssignment,
  WorkerMessage,
} from './worker-messages.js';
import type { StartWorker, WorkerExit, WorkerProcess } from './worker-process.interface.js';

/** A process that ends before this time is replaced with an increasing delay, in ms. */
const STABLE_MS = 10_000;
const MIN_WAIT_MS = 100;
const MAX_WAIT_MS = 10_000;
/** Maximum number of consecutive replacements that fail to start. */
const FAILED_STARTS = 5;

/** The options of one slot, from its group. */
export interface WorkerSlotOptions {
  readonly start: StartWorker;
  readonly answer: (question: Question) => Promise<unknown>;
  readonly serving: () => void;
  /** A process has died; another one starts after this time. */
  readonly replaced: (exit: WorkerExit, afterMs: number) => void;
  /** The service cannot continue. */
  readonly failed: (sentence: string) => void;
  /** The counters of a process that has ended. */
  readonly retired: (counted: MetricsSnapshot) => void;
}

/** Keeps one worker process running. */
export class WorkerSlot {
  private process: WorkerProcess | undefined;
  private rpc: WorkerRpc<WorkerAnswers> | undefined;
  private counted: MetricsSnapshot | undefined;
  private servesSince: number | undefined;
  private hasServed = false;
  private sentence: string | undefined;
  private failedStarts = 0;
  private shortLives = 0;
  private next: NodeJS.Timeout | undefined;
  private isEnding = false;
  private readonly left: (() => void)[] = [];

  constructor(
    private readonly assignment: Omit<WorkerAssignment, 'isReplacement'>,
    private readonly options: WorkerSlotOptions,
  ) {}

  get number(): number {
    return this.assignment.worker;
  }

  /** Whether its process listens. */
  get isServing(): boolean {
    return this.servesSince !== undefined;
  }

  start(): void {
    this.sentence = undefined;
    const process = this.options.start(
      { ...this.assignment, isReplacement: this.hasServed },
      { message: (message) => this.received(message), exit: (exit) => this.ended(exit) },
    );
    this.process = process;
    this.rpc = new WorkerRpc(
      (message) => process.send(message),
      (question) => this.options.answer(question),
    );
  }

  /** Undefined if the worker does not listen, or did not answer in time. */
  async ask<Q extends Question>(
    question: Q,
    timeoutMs: number,
  ): Promise<WorkerAnswers[Q['ask']] | undefined> {
    return this.isServing ? this.rpc?.ask(question, timeoutMs) : undefined;
  }

  /** The metrics of its process, if available. */
  async metrics(timeoutMs: number): Promise<MetricsSnapshot | undefined> {
    const { process } = this;
    const counted = await this.ask({ ask: 'metrics' }, timeoutMs);
    if (process === this.process && counted !== undefined) this.counted = counted;
    return this.counted;
  }

  /** Shuts down its process within the timeout; it is not replaced. */
  async drain(timeoutMs: number): Promise<void> {
    this.isEnding = true;
    clearTimeout(this.next);
    if (this.process === undefined) return;
    const left = new Promise<void>((resolve) => this.left.push(resolve));
    this.process.send({ type: 'drain' });
    const patience = setTimeout(() => this.process?.kill('SIGKILL'), timeoutMs);
    await left;
    clearTimeout(patience);
  }

  private received(message: WorkerMessage): void {
    if (message.type === 'serving') {
      this.servesSince = performance.now();
      this.hasServed = true;
      this.failedStarts = 0;
      this.options.serving();
    } else if (message.type === 'failed') {
      this.sentence = message.sentence;
    } else {
      this.rpc?.receive(message);
    }
  }

  private ended(exit: WorkerExit): void {
    const { servesSince, sentence, options } = this;
    this.process = undefined;
    this.rpc?.close();
    this.servesSince = undefined;
    if (this.counted !== undefined) options.retired(this.counted);
    this.counted = undefined;
    for (const resolve of this.left) resolve();
    if (this.isEnding) return;
    const didServe = servesSince !== undefined;
    if (!didServe) this.failedStarts++;
    const isHopeless = !this.hasServed || this.failedStarts >= FAILED_STARTS;
    if ((didServe && sentence !== undefined) || (!didServe && isHopeless)) {
      options.failed(
        sentence ?? `worker ${this.number} ended while it started: ${describeExit(exit)}`,
      );
      return;
    }
    const lived = didServe ? performance.now() - servesSince : 0;
    this.shortLives = lived < STABLE_MS ? this.shortLives + 1 : 0;
    // The first replacement starts immediately, because its clients are already reconnecting.
    const wait = MIN_WAIT_MS * 2 ** (this.shortLives - 1);
    const afterMs = this.shortLives <= 1 ? 0 : Math.min(MAX_WAIT_MS, wait);
    options.replaced(exit, afterMs);
    this.next = setTimeout(() => this.start(), afterMs);
  }
}

/** A description of how a process ended. */
export function describeExit({ code, signal }: WorkerExit): string {
  return signal === null ? `exit code ${code ?? 'unknown'}` : `signal ${signal}`;
}
