/** What a line of the timeline is about. */
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

/** One line. */
export interface Moment {
  readonly kind: MomentKind;
  at: number;
  text: string;
  /** What it took, in ms. */
  latencyMs?: number | undefined;
  /** Equal ones in a row. */
  times: number;
}

const MOST = 200;

/** What happened to the connection, the newest last; bounded. */
export class Timeline {
  readonly moments: Moment[] = [];
  version = 0;

  add(kind: MomentKind, text: string, at: number, latencyMs?: number): void {
    const last = this.moments.at(-1);
    this.version += 1;
    // A quiet stream is one line, not one for each heartbeat.
    if (kind === 'heartbeat' && last?.kind === kind) {
      last.at = at;
      last.text = text;
      last.times += 1;
      return;
    }
    this.moments.push({ kind, text, at, latencyMs, times: 1 });
    if (this.moments.length > MOST) this.moments.shift();
  }
}
