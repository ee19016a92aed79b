/** The claims of a token, unverified: verification is the server's task. */
export interface TokenClaims {
  readonly algorithm: string;
  readonly subject?: string;
  /** Seconds since 1970. */
  readonly expires?: number;
  /** Filters by action; undefined if the token does not have the claim. */
  readonly subscribe?: readonly string[];
  readonly publish?: readonly string[];
  readonly request?: readonly string[];
  readonly presence?: readonly string[];
  /** All claims, as formatted JSON. */
  readonly text: string;
}

const ACTIONS = ['subscribe', 'publish', 'request', 'presence'] as const;

/** Parses a token; undefined if the text is not a token. */
export function readClaims(token: string): TokenClaims | undefined {
  const [head, body, signature, ...more] = token.trim().split('.');
  if (signature === undefined || more.length > 0) return undefined;
  try {
    const header = decode(head);
    const claims = decode(body);
    const lists = ACTIONS.flatMap((action) => {
      const value = claims[action];
      return value === undefined ? [] : [[action, [value].flat().map(String)] as const];
    });
    return {
      algorithm: typeof header['alg'] === 'string' ? header['alg'] : '?',
      ...(typeof claims['sub'] === 'string' && { subject: claims['sub'] }),
      ...(typeof claims['exp'] === 'number' && { expires: claims['exp'] }),
      ...Object.fromEntries(lists),
      text: JSON.stringify(claims, undefined, 2),
    };
  } catch {
    return undefined;
  }
}

function decode(part = ''): Readonly<Record<string, unknown>> {
  const binary = atob(part.replaceAll('-', '+').replaceAll('_', '/'));
  const bytes = Uint8Array.from(binary, (character) => character.charCodeAt(0));
  const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  if (typeof value !== 'object' || value === null) throw new TypeError('no claims');
  return value as Readonly<Record<string, unknown>>;
}

/** Whether one of the filters covers a topic or pattern. */
export function covers(filters: readonly string[], topic: string): boolean {
  return filters.some((filter) => filter === '*' || coversOne(filter.split('.'), topic.split('.')));
}

function coversOne(filter: readonly string[], topic: readonly string[]): boolean {
  for (const [index, part] of filter.entries()) {
    const asked = topic[index];
    if (asked === undefined) return false;
    if (part === '>') return true;
    if (part !== '*' && part !== asked) return false;
    if (part === '*' && asked === '>') return false;
  }
  return filter.length === topic.length;
}
