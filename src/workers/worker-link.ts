import type { ProbeAnswer } from '@nuts/streaming';
import { WorkerRpc, type RequestHandler } from './worker-rpc.js';
import type {
  GroupAnswers,
  ProbeQuestion,
  WorkerAssignment,
  WorkerMessage,
} from './worker-messages.js';

/** Longer than the time for each worker, in ms, because the primary asks all of them first. */
const PROBE_MS = 900;
const METRICS_MS = 3_000;

/** Injection token of the {@link WorkerLink}; not bound in a service with one process. */
export const WORKER_LINK = Symbol('WorkerLink');

/** A worker's side of the channel to the primary. */
export class WorkerLink {
  private readonly rpc: WorkerRpc<GroupAnswers>;
  private handler: RequestHandler = () => Promise.resolve(undefined);

  /** @param channel the worker's own process */
  constructor(
    readonly assignment: WorkerAssignment,
    private readonly channel: NodeJS.Process,
    onDrain: () => void,
  ) {
    this.rpc = new WorkerRpc(
      (message) => this.send(message),
      (question) => this.handler(question),
    );
    channel.on('message', (message: WorkerMessage) => {
      if (message.type === 'drain') onDrain();
      else this.rpc.receive(message);
    });
  }

  /** The ports shared by all workers, which replace the configured ones. */
  get ports(): Pick<WorkerAssignment, 'port' | 'managementPort'> {
    const { port, managementPort } = this.assignment;
    return { port, ...(managementPort !== undefined && { managementPort }) };
  }

  /** The probe's answer for all workers; undefined if the primary does not answer. */
  probe(question: ProbeQuestion): Promise<ProbeAnswer | undefined> {
    return this.rpc.ask(question, PROBE_MS);
  }

  /** The metrics of all workers; undefined if the primary does not answer. */
  metrics(): Promise<string | undefined> {
    return this.rpc.ask({ ask: 'metrics' }, METRICS_MS);
  }

  /** Sets how this worker answers the primary's questions. */
  answerWith(handler: RequestHandler): void {
    this.handler = handler;
  }

  /** Tells the primary that this worker listens. */
  serving(): void {
    this.send({ type: 'serving' });
  }

  /** Tells the primary why the service cannot work; resolves when the message was sent. */
  failed(sentence: string): Promise<void> {
    return new Promise((resolve) => this.send({ type: 'failed', sentence }, () => resolve()));
  }

  private send(message: WorkerMessage, sent: () => void = () => undefined): void {
    if (this.channel.send === undefined) sent();
    else this.channel.send(message, undefined, undefined, sent);
  }
}
