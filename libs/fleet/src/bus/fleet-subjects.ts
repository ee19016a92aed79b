import { FleetOptionsError, type FleetOptions } from '../fleet.options.js';

export const DEFAULT_SUBJECT = 'nuts.fleet';

const NAME = /^[A-Za-z0-9_-]{1,64}$/;
const SUBJECT = /^(?!\$)[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*$/;
const MAX_SUBJECT_LENGTH = 128;

/** The subjects of one fleet, all with the same base (contract §14). */
export class FleetSubjects {
  /** The common prefix of all subjects, without a final dot. */
  readonly base: string;

  /** @throws FleetOptionsError for a name or subject that is not valid in NATS */
  constructor({ name, subject = DEFAULT_SUBJECT }: FleetOptions) {
    if (!NAME.test(name)) {
      throw new FleetOptionsError(
        `fleet: ${JSON.stringify(name)} is not a valid name: use A-Z a-z 0-9 _ -, at most 64 bytes.`,
      );
    }
    if (!SUBJECT.test(subject) || subject.length > MAX_SUBJECT_LENGTH) {
      throw new FleetOptionsError(
        `fleet_subject: ${JSON.stringify(subject)} is not a valid subject: use tokens of A-Z a-z 0-9 _ - with single dots between them, at most ${MAX_SUBJECT_LENGTH} bytes.`,
      );
    }
    this.base = `${subject}.${name}`;
  }

  /** Requests to close a client's streams; every process receives them. */
  get close(): string {
    return `${this.base}.close`;
  }

  /** Requests for presence; every process receives them and answers for itself. */
  get presence(): string {
    return `${this.base}.presence`;
  }

  /** How many streams each process closed for a request. */
  get tally(): string {
    return `${this.base}.tally`;
  }

  /** The state messages of all processes. */
  get state(): string {
    return `${this.base}.state`;
  }

  /** Messages to one process; `what` is one token. */
  to(process: string, what: string): string {
    return `${this.base}.to.${process}.${what}`;
  }

  /** Events of opened and closed streams. */
  lifecycle(type: 'opened' | 'closed'): string {
    return `${this.base}.${type}`;
  }

  /** Whether a subject is used by the fleet alone. */
  includes(subject: string): boolean {
    return subject.startsWith(`${this.base}.`) || subject.startsWith('$SRV.');
  }
}
