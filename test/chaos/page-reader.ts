import { get } from 'node:http';
import { text as body } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';
import { disposeAtEnd } from '../support/disposal.js';
import type { StoredPlace } from './broker.js';
import type { Random } from './random.js';

const MOST_A_PAGE = 1000;
const LONGEST_WAIT_MS = 200;

interface Page {
  readonly messages: readonly { readonly id?: string; readonly gap?: string }[];
  readonly position: string;
  readonly more: boolean;
}

/** Reads a topic's history page by page from its start; a failed page is requested again. */
export class PageReader {
  position = 0;
  pages = 0;
  readonly received: number[] = [];
  readonly violations: string[] = [];
  private readonly aborter = new AbortController();

  constructor(
    private readonly url: () => string,
    private readonly topic: string,
    private readonly random: Random,
  ) {
    disposeAtEnd(() => this.close());
    void this.read();
  }

  /** Cuts the current page. */
  close(): void {
    this.aborter.abort();
  }

  /** Descriptions of errors, given the stream's messages in order. */
  problems(stored: readonly StoredPlace[]): string[] {
    const due = stored
      .filter(
        ({ subject, sequence }) => subject === `events.${this.topic}` && sequence <= this.position,
      )
      .map(({ sequence }) => sequence);
    const at = due.findIndex((sequence, index) => sequence !== this.received[index]);
    const isSame = at < 0 && due.length === this.received.length;
    const texts = isSame
      ? this.violations
      : [...this.violations, `${this.received.length} of ${due.length}, first other at ${due[at]}`];
    return texts.map((text) => `pages of ${this.topic}: ${text}`);
  }

  private async read(): Promise<void> {
    while (!this.aborter.signal.aborted) {
      try {
        await this.next();
      } catch {
        // Cut off, refused for the moment, or not whole: what it had is not used.
      }
      await pause(this.random.between(1, LONGEST_WAIT_MS));
    }
  }

  private async next(): Promise<void> {
    const limit = this.random.between(1, MOST_A_PAGE);
    const from = this.position === 0 ? 'start=all' : `last-id=${this.position}`;
    const query = `topic=${this.topic}&${from}&limit=${limit}`;
    const { status, text } = await this.get(`${this.url()}?${query}`);
    if (status !== 200) {
      if (status !== 503) this.violations.push(`status ${status}: ${text}`);
      return;
    }
    const { messages, position, more } = JSON.parse(text) as Page;
    if (messages.length > limit) this.violations.push(`${messages.length} messages of ${limit}`);
    if (Number(position) < this.position) this.violations.push(`back to ${position}`);
    if (more && messages.length === limit && messages.at(-1)?.id !== position) {
      this.violations.push(`at ${position} after ${messages.at(-1)?.id}`);
    }
    for (const { id, gap } of messages) {
      if (gap !== undefined) this.violations.push(`a gap at ${id}`);
      this.received.push(Number(id));
    }
    this.position = Number(position);
    this.pages += 1;
  }

  /** Over its own connection, so that no idle one remains. */
  private get(url: string): Promise<{ status: number | undefined; text: string }> {
    const { signal } = this.aborter;
    return new Promise((resolve, reject) => {
      const headers = { accept: 'application/json' };
      const outgoing = get(url, { agent: false, headers, signal }, (answer) => {
        body(answer).then((text) => resolve({ status: answer.statusCode, text }), reject);
      });
      outgoing.once('error', reject);
    });
  }
}
