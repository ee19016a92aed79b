import type { TopicPresence } from './presence.interface.js';

/** Maximum number of clients listed per topic. */
export const MAX_CLIENTS = 1000;
/** Longer subjects, as JSON, are counted but not listed: an answer must fit into a NATS message. */
export const MAX_SUBJECT_BYTES = 1024;

/** Counts the streams of one topic, and its clients by subject. */
export class Tally {
  private streams = 0;
  private more = false;
  private readonly clients = new Map<string, number>();

  /** @param room bytes that are left for the subjects of the whole answer, as JSON */
  constructor(private readonly room: { bytes: number }) {}

  add(subject: string | undefined): void {
    this.streams += 1;
    if (subject === undefined) return;
    const known = this.clients.get(subject);
    if (known !== undefined) this.clients.set(subject, known + 1);
    else if (this.hasRoomFor(subject)) this.clients.set(subject, 1);
    else this.more = true;
  }

  result(): TopicPresence {
    const clients = [...this.clients].sort(([a], [b]) => (a < b ? -1 : 1));
    return {
      streams: this.streams,
      clients: clients.map(([subject, streams]) => ({ subject, streams })),
      ...(this.more && { more: true as const }),
    };
  }

  private hasRoomFor(subject: string): boolean {
    if (this.clients.size >= MAX_CLIENTS) return false;
    const bytes = Buffer.byteLength(JSON.stringify(subject));
    if (bytes > MAX_SUBJECT_BYTES || bytes > this.room.bytes) return false;
    this.room.bytes -= bytes;
    return true;
  }
}
