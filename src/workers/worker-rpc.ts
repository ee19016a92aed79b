import type { Question, WorkerMessage } from './worker-messages.js';

/** The types of answers by the type of their question. */
type AnswersByName = Readonly<Record<Question['ask'], unknown>>;

/** Answers a question of the other process; undefined = no answer now. */
export type RequestHandler = (question: Question) => Promise<unknown>;

/** Questions and answers over the channel between two processes. */
export class WorkerRpc<Answers extends AnswersByName> {
  private readonly waiting = new Map<number, (answer: unknown) => void>();
  private lastId = 0;

  /**
   * @param send sends a message on the channel; does nothing if the channel is closed
   * @param answer answers the other side's questions; a rejection sends no answer
   */
  constructor(
    private readonly send: (message: WorkerMessage) => void,
    private readonly answer: RequestHandler,
  ) {}

  /** Undefined if no answer arrives in time, or the other process has ended. */
  async ask<Q extends Question>(
    question: Q,
    timeoutMs: number,
  ): Promise<Answers[Q['ask']] | undefined> {
    const id = ++this.lastId;
    let timer: NodeJS.Timeout | undefined;
    const answered = new Promise<unknown>((resolve) => {
      this.waiting.set(id, resolve);
      timer = setTimeout(resolve, timeoutMs);
      timer.unref();
    });
    this.send({ type: 'question', id, question });
    const answer = await answered;
    clearTimeout(timer);
    this.waiting.delete(id);
    // The other side answers each question with its own type.
    return answer;
  }

  /** Handles a received message; ignores anything but questions and answers. */
  receive(message: WorkerMessage): void {
    if (message.type === 'answer') {
      this.waiting.get(message.id)?.(message.answer);
    } else if (message.type === 'question') {
      const { id } = message;
      void this.answer(message.question)
        .catch(() => undefined)
        .then((answer) => this.send({ type: 'answer', id, answer }));
    }
  }

  /** The other process has ended: resolves all pending questions. */
  close(): void {
    for (const resolve of this.waiting.values()) resolve(undefined);
  }
}
