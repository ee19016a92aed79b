/** The kind of a timeline entry. */
export type MomentKind =
  | 'connecting'
  | 'connected'
  | 'live'
  | 'heartbeat'
  | 'gap'
  | 'reset'
  | 'retry'
  | 'waiting'
  | 'refused'
  | 'expiring'
  | 'cut';

/** One entry. */
export interface Moment {
  readonly kind: MomentKind;
  at: number;
  text: string;
  /** Duration in ms. */
  latencyMs?: number | undefined;
  /** Number of equal entries in a row. */
  times: number;
}

const MAX_MOMENTS = 200;

/** The events of the connection, newest last; limited. */
export class Timeline {
  readonly moments: Moment[] = [];
  version = 0;

  add(kind: MomentKind, text: string, at: number, latencyMs?: number): void {
    const last = this.moments.at(-1);
    this.version += 1;
    // A quiet stream has one entry, not one per heartbeat.
    if (kind === 'heartbeat' && last?.kind === kind) {
      last.at = at;
      last.text = text;
      last.times += 1;
      return;
    }
    this.moments.push({ kind, text, at, latencyMs, times: 1 });
    if (this.moments.length > MAX_MOMENTS) this.moments.shift();
  }
}
