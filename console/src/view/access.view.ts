import { covers, readClaims, type TokenClaims } from '../access/token-claims.js';
import { button, element, field } from '../dom/element.js';
import type { ConsoleModel } from '../state/console-model.js';
import { visibleText } from '../text/visible-text.js';
import type { View } from './view.interface.js';

const ACTIONS = ['subscribe', 'publish', 'request', 'presence'] as const;

/** The token: where to paste it, and what it allows. */
export class AccessView implements View {
  readonly root: HTMLElement;
  private readonly need = element('p', { class: 'muted' });
  private readonly token = element('textarea', {
    rows: '4',
    class: 'mono',
    autocomplete: 'off',
    spellcheck: 'false',
    placeholder: 'eyJhbGciOi…',
  });
  private readonly claims = element('div', { class: 'claims' });
  private shown: string | undefined;

  constructor(private readonly model: ConsoleModel) {
    const form = element(
      'form',
      { class: 'stack' },
      this.need,
      field('Token (JWT)', this.token),
      element(
        'div',
        { class: 'row' },
        element('button', { type: 'submit', class: 'primary' }, 'Use token'),
        button('Remove token', () => this.forget()),
      ),
      element(
        'p',
        { class: 'muted small' },
        'The token stays in this tab and is sent only to this service. Links do not contain it.',
      ),
    );
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      model.setToken(this.token.value);
    });
    this.token.value = model.tokens.token;
    this.root = element('div', { class: 'stack' }, form, this.claims);
  }

  update(): void {
    const { hub, tokens, topics } = this.model;
    this.need.textContent = hub?.needsToken
      ? 'This hub requires a token or a session cookie.'
      : 'This hub does not require a token.';
    const shown = JSON.stringify([tokens.token, topics]);
    if (shown === this.shown) return;
    this.shown = shown;
    this.claims.replaceChildren(...this.describe(tokens.token, topics));
  }

  private forget(): void {
    this.token.value = '';
    this.model.setToken('');
  }

  private describe(token: string, topics: readonly string[]): Node[] {
    if (token === '') return [];
    const claims = readClaims(token);
    if (claims === undefined) {
      return [
        element(
          'p',
          { class: 'bad' },
          'This is not a valid JWT. A JWT has three parts, separated by dots.',
        ),
      ];
    }
    const details = element(
      'details',
      {},
      element('summary', {}, 'All claims'),
      element('pre', { tabindex: '0' }, visibleText(claims.text)),
    );
    return [
      element('dl', { class: 'facts column' }, ...facts(claims)),
      verdict(claims, topics),
      details,
    ];
  }
}

function facts(claims: TokenClaims): HTMLElement[] {
  const lists = ACTIONS.map(
    (action) => [action, claims[action]?.join('  ') ?? 'none (claim missing)'] as const,
  );
  const pairs: (readonly [string, string])[] = [
    ['algorithm', claims.algorithm],
    ['subject', claims.subject ?? '–'],
    ['expires', claims.expires === undefined ? 'never' : expiry(claims.expires)],
    ...lists,
  ];
  return pairs.map(([name, text]) =>
    element('div', {}, element('dt', {}, name), element('dd', {}, visibleText(text))),
  );
}

function expiry(seconds: number): string {
  const over = seconds * 1_000 < Date.now() ? ' (expired)' : '';
  return new Date(seconds * 1_000).toLocaleString() + over;
}

function verdict({ subscribe = [] }: TokenClaims, topics: readonly string[]): HTMLElement {
  const left = topics.filter((topic) => !covers(subscribe, topic));
  if (left.length === 0) return element('p', {}, 'The token covers all selected topics.');
  const text = `The token does not cover ${left.slice(0, 8).join(', ')}.`;
  return element('p', { class: 'bad' }, visibleText(text));
}
