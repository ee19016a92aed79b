import type { HubError, HubState, Message } from '@nuts/client';
import { readClaims } from '../access/token-claims.js';
import { TokenStore } from '../access/token-store.js';
import type { ConsoleConfig, ConsoleHub } from '../config/console-config.interface.js';
import { EventLog } from '../model/event-log.js';
import { numericFields } from '../model/numeric-fields.js';
import { shownPayload } from '../model/shown-payload.js';
import { Timeline } from '../model/timeline.js';
import { TopicBoard } from '../model/topic-board.js';
import { HubSession } from '../stream/hub-session.js';
import { Delays } from './delays.js';
import { PlotModel } from './plot-model.js';
import { readState, type ViewState, writeState } from './view-state.js';

/** Changes of these restart the stream. */
const OF_THE_STREAM = ['hub', 'topics', 'start', 'cursor'] as const;
const OF_THE_PLOT = ['plotTopic', 'plotField', 'lookBack'] as const;

/** The page's state and actions; the views draw it. */
export class ConsoleModel {
  readonly log = new EventLog();
  readonly board = new TopicBoard();
  readonly timeline = new Timeline();
  readonly delays = new Delays();
  readonly plot = new PlotModel();
  readonly tokens = new TokenStore();
  connection: HubState = { name: 'closed' };
  refusal: HubError | undefined;
  private session: HubSession | undefined;
  /** Whether the page may choose what to plot: until the user or a link has. */
  private suggests: boolean;
  private current: ViewState;
  private readonly listeners = new Set<() => void>();

  constructor(
    readonly config: ConsoleConfig,
    private readonly history: Pick<History, 'replaceState'>,
    hash: string,
  ) {
    this.current = readState(hash);
    this.log.filter = this.current.filter;
    this.suggests = this.current.plotTopic === '';
  }

  get state(): ViewState {
    return this.current;
  }

  /** The chosen hub, or the first one. */
  get hub(): ConsoleHub | undefined {
    const { hubs } = this.config;
    return hubs.find(({ path }) => path === this.current.hub) ?? hubs[0];
  }

  get url(): string {
    return this.config.address(this.hub?.path ?? '/');
  }

  /** The watched topics: those of the user, else all that the hub and the token allow. */
  get topics(): readonly string[] {
    const { topics } = this.current;
    if (topics.length > 0) return topics;
    const { wildcards = false, maxTopics } = this.hub ?? {};
    const claimed = readClaims(this.tokens.token)?.subscribe ?? ['>'];
    const all = claimed.map((filter) => (filter === '*' ? '>' : filter)).slice(0, maxTopics);
    // A hub without wildcards can still be watched for the topics named in a token.
    return wildcards ? all : all.filter((topic) => !/[*>]/.test(topic));
  }

  /** Calls back after each change except events, which are too frequent. */
  onChange(listener: () => void): void {
    this.listeners.add(listener);
  }

  change(change: Partial<ViewState>): void {
    const before = this.current;
    if (change.plotTopic !== undefined) {
      this.suggests = change.plotTopic === '' && change.hub !== undefined;
    }
    this.current = { ...before, ...change };
    this.history.replaceState(undefined, '', writeState(this.current) || '#');
    if (change.filter !== undefined) this.log.filter = change.filter;
    if (OF_THE_STREAM.some((name) => String(before[name]) !== String(this.current[name]))) {
      this.restart();
    } else if (OF_THE_PLOT.some((name) => before[name] !== this.current[name])) this.follow();
    this.notify();
  }

  /** Applies a URL that was entered or navigated to. */
  open(hash: string): void {
    this.change(readState(hash));
  }

  setToken(token: string): void {
    this.tokens.token = token;
    this.restart();
    this.notify();
  }

  /** Restarts with the current choices. */
  restart(): void {
    this.session?.close();
    this.session = undefined;
    this.refusal = undefined;
    this.log.clear();
    this.board.clear();
    this.delays.clear();
    this.connection = { name: 'closed' };
    const { hub, topics } = this;
    if (hub && topics.length > 0) {
      const { start, cursor } = this.current;
      const { token } = this.tokens;
      const options = { url: this.url, topics, start, cursor, token, heartbeatMs: hub.heartbeatMs };
      this.session = new HubSession(options, this.timeline, {
        message: (message, data, isLive) => this.take(message, data, isLive),
        gap: (gap) => this.log.addGap(gap, Date.now()),
        reset: () => this.board.clear(),
        state: (state) => {
          this.connection = state;
          if (state.name === 'open') this.refusal = undefined;
          this.notify();
        },
        refused: (error) => {
          this.refusal = error;
          this.notify();
        },
      });
    }
    this.follow();
  }

  /** Cuts the connection, which reconnects automatically. */
  cut(): boolean {
    return this.session?.cut() ?? false;
  }

  private follow(): void {
    const { plotTopic: topic, plotField: field, lookBack } = this.current;
    const { token } = this.tokens;
    this.plot.follow({ url: this.url, topic, field, lookBack, token });
  }

  private take(message: Message, data: string | undefined, isLive: boolean): void {
    const at = Date.now();
    this.log.addMessage(message, data, at);
    this.board.take(message.topic, message.id, shownPayload(message), at, isLive);
    if (this.suggests) this.suggest(message);
    this.plot.take(message, at);
    if (isLive) this.delays.add(message.time, at);
  }

  private suggest({ topic, payload }: Message): void {
    const [plotField] = numericFields(payload);
    if (plotField !== undefined) this.change({ plotTopic: topic, plotField });
  }

  private notify(): void {
    for (const listener of this.listeners) listener();
  }
}
