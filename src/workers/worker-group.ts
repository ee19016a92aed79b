import { joinSnapshots, retiredSnapshot, type MetricsSnapshot } from '@nuts/metrics';
import type { ProbeAnswer } from '@nuts/streaming';
import type { GroupAnswers, ProbeQuestion, Question, WorkerAssignment } from './worker-messages.js';
import { joinProbes } from './join-probes.js';
import { WorkerSlot } from './worker-slot.js';
import type { StartWorker, WorkerExit } from './worker-process.interface.js';

/** How long a worker may take to answer, in ms; probes usually have a timeout of a second. */
const PROBE_MS = 700;
const METRICS_MS = 2_000;

/** Options of a worker group. */
export interface WorkerGroupOptions {
  readonly workers: number;
  readonly ports: Pick<WorkerAssignment, 'port' | 'managementPort'>;
  readonly start: StartWorker;
  /** Called once, when all workers listen for the first time. */
  readonly serving: () => void;
  readonly replaced: (worker: number, exit: WorkerExit, afterMs: number) => void;
  /** Called once, if no worker can start or continue. */
  readonly failed: (sentence: string) => void;
}

/** The workers of the service: keeps them running, and answers for all of them. */
export class WorkerGroup {
  private readonly slots: readonly WorkerSlot[];
  /** The counters of processes that have ended. */
  private retired: Promise<MetricsSnapshot> = Promise.resolve([]);
  private wasServing = false;
  private hasFailed = false;

  constructor(private readonly options: WorkerGroupOptions) {
    this.slots = Array.from({ length: options.workers }, (_, index) => {
      const worker = index + 1;
      return new WorkerSlot(
        { worker, ...options.ports },
        {
          start: options.start,
          answer: (question) => this.answer(question),
          serving: () => this.served(),
          replaced: (exit, afterMs) => options.replaced(worker, exit, afterMs),
          failed: (sentence) => this.failed(sentence),
          retired: (counted) => this.retire(counted),
        },
      );
    });
  }

  start(): void {
    for (const slot of this.slots) slot.start();
  }

  /** Shuts down all workers, and kills those that take too long. */
  async drain(timeoutMs: number): Promise<void> {
    await Promise.all(this.slots.map((slot) => slot.drain(timeoutMs)));
  }

  private answer(question: Question): Promise<GroupAnswers[Question['ask']]> {
    return question.ask === 'metrics' ? this.metrics() : this.probe(question);
  }

  private async probe(question: ProbeQuestion): Promise<ProbeAnswer> {
    const answers = this.slots.map(async (slot) => ({
      worker: slot.number,
      isServing: slot.isServing,
      answer: await slot.ask(question, PROBE_MS),
    }));
    return joinProbes(question.kind, await Promise.all(answers));
  }

  private async metrics(): Promise<string> {
    const counted = await Promise.all(this.slots.map((slot) => slot.metrics(METRICS_MS)));
    const known = counted.filter((each) => each !== undefined);
    return joinSnapshots([...known, await this.retired]).metrics();
  }

  /**
   * Counters must not decrease when a worker ends: Prometheus would treat that as a reset and count
   * everything again.
   */
  private retire(counted: MetricsSnapshot): void {
    this.retired = this.retired.then((before) =>
      joinSnapshots([before, retiredSnapshot(counted)]).getMetricsAsJSON(),
    );
  }

  private served(): void {
    if (this.wasServing || !this.slots.every(({ isServing }) => isServing)) return;
    this.wasServing = true;
    this.options.serving();
  }

  private failed(sentence: string): void {
    if (this.hasFailed) return;
    this.hasFailed = true;
    this.options.failed(sentence);
  }
}
