import { type HubError, isFinal, toHubError } from '../hub-error.js';
import type { HubAddress } from '../hub/hub-address.js';
import { CLOSED, CONNECTING, OPEN } from '../hub/hub-state.js';
import type { HubRequests } from '../requests/hub-requests.js';
import type { Frame } from './frame.interface.js';
import { RetryDelay } from './retry-delay.js';
import { StreamConnection } from './stream-connection.js';
import type { Opening, PageStream, TopicStreamListener } from './topic-stream.interface.js';

/**
 * After this number of attempts, the current connection is closed first: if only one connection per client
 * is allowed, or all are taken, a second one would never open. Nothing is lost, because the next connection
 * resumes.
 */
const TURNED_AWAY_LIMIT = 2;

/** Why a new connection is needed although the current one delivers the same topics. */
type Need = 'none' | 'restart' | 'renew';

/**
 * Follows topics over one connection at a time. A change opens the next connection, which resumes while the
 * current one still delivers; the current one closes when the next one's `connected` frame has arrived.
 */
export class ResumableStream implements PageStream {
  #topics: readonly string[] = [];
  #need: Need = 'none';
  #current: StreamConnection | undefined;
  /** The connection being opened; undefined while its token is requested. */
  #next: StreamConnection | undefined;
  /** Replaced when an attempt is cancelled. */
  #attempt: object | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #unauthorized = false;
  /** Attempts refused temporarily by the server while the previous connection delivered. */
  #turnedAway = 0;
  readonly #delay = new RetryDelay();
  #suspended = false;

  constructor(
    private readonly address: HubAddress,
    private readonly requests: HubRequests,
    private readonly listener: TopicStreamListener,
  ) {}

  follow(topics: readonly string[], restart = false): void {
    this.#topics = topics;
    if (restart) this.#need = 'restart';
    this.#unauthorized = false;
    if (topics.length === 0) return this.close();
    this.#evaluate();
  }

  close(): void {
    this.#topics = [];
    this.#drop();
    this.listener.state(CLOSED);
  }

  /**
   * The page or the network is back: stops waiting and replaces a silent connection. A connection over
   * another network may be dead without a sign, so it is replaced without a pause in delivery.
   */
  wake(networkChanged: boolean): void {
    this.#suspended = false;
    if (this.#current && !this.#current.check()) this.#current = undefined;
    if (networkChanged) this.#need = 'restart';
    if (networkChanged || this.#timer !== undefined) this.#giveUpAttempt();
    this.#evaluate();
  }

  /** The page enters the back/forward cache, which allows no open connections; `wake` resumes. */
  suspend(): void {
    this.#suspended = true;
    this.#drop();
  }

  #drop(): void {
    this.#giveUpAttempt();
    this.#current?.abort();
    this.#current = undefined;
    this.#need = 'none';
  }

  #giveUpAttempt(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#attempt = undefined;
    this.#next?.abort();
    this.#next = undefined;
  }

  /** Starts an attempt if one is needed. One in progress is completed first. */
  #evaluate(): void {
    if (this.#topics.length === 0 || this.#suspended || this.#attempt || this.#timer) return;
    const covered = this.#current && sameTopics(this.#current.request.topics, this.#topics);
    if (covered && this.#need === 'none') return;
    if (!this.#current) this.listener.state(CONNECTING);
    const attempt = (this.#attempt = {});
    void this.#connect(attempt);
  }

  async #connect(attempt: object): Promise<void> {
    const need = this.#need;
    const end = await this.#run(attempt).catch(toHubError);
    if (this.#attempt !== attempt) return;
    this.#giveUpAttempt();
    if (end === undefined) {
      // The token is not newer: the connection ends with it, and the next attempt requests a new one.
      this.#need = 'none';
      return this.#evaluate();
    }
    if (this.#need === 'none') this.#need = need;
    if (end.status === 401 && this.requests.tokens.renews && !this.#unauthorized) {
      this.#unauthorized = true;
      return this.#evaluate();
    }
    if (isFinal(end)) return this.#refuse(end);
    this.#delay.failed();
    this.#wait(end);
  }

  /** Resolves with the error if the attempt failed, or undefined if it is no longer needed. */
  async #run(attempt: object): Promise<HubError | undefined> {
    const token = await this.requests.tokens.fresh();
    if (this.#attempt !== attempt) return undefined;
    if (this.#need === 'renew' && token !== undefined && token === this.#current?.request.token) {
      if (sameTopics(this.#current.request.topics, this.#topics)) return undefined;
    }
    const topics = this.#topics;
    this.#need = 'none';
    const cursor = this.listener.cursor();
    const start = cursor === undefined ? this.listener.start() : undefined;
    const url = this.address.with({ topic: topics, 'last-id': cursor, start });
    const { silenceMs } = this.requests;
    const connection = new StreamConnection(
      { url, topics, cursor, token, silenceMs },
      {
        opened: (opening) => this.#replaceCurrent(connection, opening),
        frame: (frame) => this.#take(frame),
        retry: (ms) => this.#delay.name(ms),
      },
    );
    this.#next = connection;
    const end = await connection.run(this.requests);
    if (connection.answered) this.#delay.answered();
    if (this.#current !== connection) {
      const isTurnedAway = connection.answered || end.status === 429;
      if (isTurnedAway && this.#next === connection) this.#makeRoom();
      return end;
    }
    this.#current = undefined;
    this.#lost(end);
    return undefined;
  }

  #makeRoom(): void {
    if (!this.#current || ++this.#turnedAway < TURNED_AWAY_LIMIT) return;
    this.#current.abort();
    this.#current = undefined;
  }

  #replaceCurrent(connection: StreamConnection, opening: Opening): void {
    this.#current?.abort();
    this.#current = connection;
    this.#next = undefined;
    this.#giveUpAttempt();
    this.#unauthorized = false;
    this.#turnedAway = 0;
    this.#delay.answered();
    this.listener.opened(opening);
    this.listener.state(OPEN);
    this.#evaluate();
  }

  #take(frame: Frame): void {
    if (frame.event !== 'expiring') return this.listener.frame(frame);
    if (!this.requests.tokens.renews) return;
    this.#need = 'renew';
    this.#evaluate();
  }

  /** The current connection was lost. One that is being opened becomes its successor. */
  #lost(end: HubError): void {
    if (this.#topics.length === 0 || this.#suspended) return;
    if (this.#attempt) this.listener.state(CONNECTING);
    else {
      // The delay after the end replaces a pending wait for the next attempt.
      this.#giveUpAttempt();
      this.#wait(end);
    }
  }

  #wait({ reason, retryAfterMs }: HubError): void {
    const retryInMs = this.#delay.next(retryAfterMs);
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#evaluate();
    }, retryInMs);
    if (!this.#current) this.listener.state({ name: 'waiting', retryInMs, reason });
  }

  #refuse(error: HubError): void {
    this.#need = 'none';
    this.#unauthorized = false;
    const served = this.#current?.request.topics;
    if (served === undefined) {
      this.#topics = [];
      this.listener.state({ name: 'refused', status: error.status, reason: error.reason });
    } else this.#topics = served;
    this.listener.refused(error, served);
  }
}

function sameTopics(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((topic, index) => topic === b[index]);
}
