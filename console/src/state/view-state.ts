/** The page's view state. All of it is stored in the URL so that it can be shared; it never contains the token. */
export interface ViewState {
  /** The hub's path; empty = the first one. */
  readonly hub: string;
  readonly topics: readonly string[];
  /** `live`, `last`, a duration, a time … (contract §9). */
  readonly start: string;
  /** A position to start after; wins over `start`. */
  readonly cursor: string;
  /** The plotted topic and field; empty = none. */
  readonly plotTopic: string;
  readonly plotField: string;
  /** The period of the plot, as a duration. */
  readonly lookBack: string;
  readonly filter: string;
}

export const EMPTY_STATE: ViewState = {
  hub: '',
  topics: [],
  start: 'last',
  cursor: '',
  plotTopic: '',
  plotField: '',
  lookBack: 'PT5M',
  filter: '',
};

const NAMES = {
  hub: 'hub',
  start: 'start',
  cursor: 'cursor',
  plotTopic: 'plot',
  plotField: 'field',
  lookBack: 'back',
  filter: 'filter',
} as const;

/** Parses the state from a URL fragment. Missing or invalid parts are ignored. */
export function readState(hash: string): ViewState {
  const parameters = new URLSearchParams(hash.replace(/^#/, ''));
  const named = Object.entries(NAMES).map(([key, name]) => [
    key,
    parameters.get(name) ?? EMPTY_STATE[key as keyof typeof NAMES],
  ]);
  const topics = splitTopics(parameters.getAll('topic').join(' '));
  return { ...(Object.fromEntries(named) as Omit<ViewState, 'topics'>), topics };
}

/** The fragment for a state, without defaults. */
export function writeState(state: ViewState): string {
  const parameters = new URLSearchParams();
  for (const topic of state.topics) parameters.append('topic', topic);
  for (const [key, name] of Object.entries(NAMES)) {
    const value = state[key as keyof typeof NAMES];
    if (value !== EMPTY_STATE[key as keyof typeof NAMES]) parameters.set(name, value);
  }
  const text = parameters.toString();
  return text === '' ? '' : `#${text}`;
}

/** Splits topics typed by the user: separated by commas or spaces, each once. */
export function splitTopics(text: string): string[] {
  return [...new Set(text.split(/[\s,]+/).filter(Boolean))];
}
