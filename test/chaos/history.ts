/** A period of a client in which sequences refer to the same stream: until a fallback or a reset. */
export interface Epoch {
  /** Everything after this sequence must arrive; undefined until the client knows its position. */
  after: number | undefined;
  /** Sequences of messages and gaps in order of arrival. */
  readonly received: number[];
  /** The newest position that the client received. */
  position: number;
}

/** What a client received, checked on arrival: IDs must increase strictly. */
export class History {
  readonly epochs: Epoch[] = [newEpoch(undefined)];
  /** Descriptions of contract violations. */
  readonly violations: string[] = [];
  messages = 0;

  get current(): Epoch {
    return this.epochs[this.epochs.length - 1] as Epoch;
  }

  /** The first frame of a connection that continues (or begins) an epoch. */
  connected(id: number, sent: number | undefined): void {
    if (sent !== undefined && id !== sent) {
      this.violations.push(`connected with id ${id} instead of the cursor ${sent}`);
    }
    // A fallback that was cut before its first message: the client still has its old cursor.
    if (id > this.current.position) this.begin(id);
    this.current.after ??= id;
  }

  message(id: number): void {
    const { current } = this;
    this.messages += 1;
    if (!(id > current.position)) {
      this.violations.push(`message ${id} came at position ${current.position}`);
    }
    current.received.push(id);
    current.position = id;
  }

  /** A position without a message: everything up to it was delivered. */
  moved(id: number): void {
    const { current } = this;
    if (!(id >= current.position)) {
      this.violations.push(`a heartbeat moved back to ${id} from ${current.position}`);
    }
    current.position = id;
  }

  /** Sequences start again: a fallback replays the retained messages, a reset a new stream. */
  begin(after: number | undefined): void {
    this.epochs.push(newEpoch(after));
    this.current.position = after ?? 0;
  }

  /**
   * Compares the newest epoch with what the stream holds of the client's topics, in ascending order.
   *
   * @returns what is wrong, in words; empty when every message came exactly once
   */
  compare(stored: readonly number[]): string[] {
    const { after = 0, received, position } = this.current;
    const got = new Set(received);
    const due = stored.filter((sequence) => sequence > after && sequence <= position);
    const lost = due.filter((sequence) => !got.has(sequence));
    const known = new Set(due);
    const strange = received.filter((sequence) => !known.has(sequence));
    const problems = [...this.violations];
    if (lost.length > 0) problems.push(`lost ${lost.length}: ${lost.slice(0, 20).join(' ')}`);
    if (strange.length > 0) problems.push(`never stored: ${strange.slice(0, 20).join(' ')}`);
    if (got.size !== received.length) problems.push(`twice: ${received.length - got.size}`);
    return problems;
  }
}

function newEpoch(after: number | undefined): Epoch {
  return { after, received: [], position: after ?? 0 };
}
