import type { Message } from './message.interface.js';

type Result<Payload> = IteratorResult<Message<Payload>, undefined>;

interface Waiter<Payload> {
  resolve(result: Result<Payload>): void;
  reject(error: unknown): void;
}

/** A queue between the connection, which pushes, and one `for await` loop, which pulls. Unbounded. */
export class MessageQueue<Payload> implements AsyncIterableIterator<Message<Payload>, undefined> {
  /** The ID of the last message that the loop has processed; undefined before the first. */
  handled: string | undefined;
  #handing: string | undefined;
  readonly #waiting: Waiter<Payload>[] = [];
  #end: { readonly error: unknown } | undefined;
  readonly #messages: Message<Payload>[];
  /** Index of the next message: shifting an array of thousands would move all of them. */
  #head = 0;

  constructor(
    backlog: readonly Message<Payload>[],
    private readonly left: () => void,
  ) {
    this.#messages = [...backlog];
  }

  /** Whether the loop has processed everything that was pushed. */
  get isIdle(): boolean {
    return this.#waiting.length > 0 && this.#head === this.#messages.length;
  }

  push(message: Message<Payload>): void {
    this.#messages.push(message);
    this.#hand();
  }

  /** Ends the loop after the pushed messages; with an error, it throws. */
  finish(error?: unknown): void {
    this.#end ??= { error };
    this.#hand();
  }

  next(): Promise<Result<Payload>> {
    this.handled = this.#handing ?? this.handled;
    this.#handing = undefined;
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
      this.#hand();
    });
  }

  return(): Promise<Result<Payload>> {
    this.#head = this.#messages.length;
    this.#end ??= { error: undefined };
    this.left();
    this.#hand();
    return Promise.resolve({ done: true, value: undefined });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  #hand(): void {
    while (this.#waiting.length > 0) {
      const value = this.#messages[this.#head];
      if (!value && !this.#end) return;
      const waiter = this.#waiting.shift();
      if (value) {
        this.#advance(value);
        waiter?.resolve({ done: false, value });
      } else if (this.#end?.error === undefined) waiter?.resolve({ done: true, value: undefined });
      else waiter?.reject(this.#end.error);
    }
  }

  #advance({ id }: Message): void {
    this.#handing = id;
    this.#head += 1;
    if (this.#head > 1024 && this.#head * 2 > this.#messages.length) {
      this.#messages.splice(0, this.#head);
      this.#head = 0;
    }
  }
}
