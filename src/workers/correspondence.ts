import type { Question, WorkerMessage } from './worker-messages.js';

/** Answers by the name of their question. */
type AnswersByName = Readonly<Record<Question['ask'], unknown>>;

/** Answers a question of the other process. Undefined: not now. */
export type Answerer = (question: Question) => Promise<unknown>;

/** Questions and answers over the channel between two processes. */
export class Correspondence<Answers extends AnswersByName> {
  private readonly waiting = new Map<number, (answer: unknown) => void>();
  private lastId = 0;

  /**
   * @param send gives a message to the channel; a channel that is closed swallows it
   * @param answer answers the other side's questions; one that rejects is not answered
   */
  constructor(
    private readonly send: (message: WorkerMessage) => void,
    private readonly answer: Answerer,
  ) {}

  /** Undefined when no answer came in time, or the other process has ended. */
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
    // The other side answers a question by its own type.
    return answer;
  }

  /** Takes a message that came; others than questions and answers are passed over. */
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

  /** The other process has ended: nobody waits any longer. */
  close(): void {
    for (const resolve of this.waiting.values()) resolve(undefined);
  }
}
