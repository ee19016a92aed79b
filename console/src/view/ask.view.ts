import { connect, HubError, type Reply } from '@nuts/client';
import { refusalHint } from '../access/refusal-hint.js';
import { button, element, field, setText } from '../dom/element.js';
import type { ConsoleModel } from '../state/console-model.js';
import { duration, whole } from '../text/figures.js';
import { preview } from '../text/preview.js';
import { visibleText } from '../text/visible-text.js';
import type { View } from './view.interface.js';

const MAX_REPLIES = 200;

/** Sends a request to a service and shows its replies as they arrive. */
export class AskView implements View {
  readonly root: HTMLFormElement;
  private readonly service = element('select');
  private readonly subject = element('input', {
    type: 'text',
    required: true,
    autocomplete: 'off',
    placeholder: 'reports.monthly',
  });
  private readonly question = element('textarea', {
    rows: '4',
    class: 'mono',
    spellcheck: 'false',
  });
  private readonly progress = element('progress', { 'aria-label': 'Progress', max: '1' });
  private readonly answer = element('output', { class: 'answer' });
  private readonly replies = element('ol', { class: 'replies mono' });
  private readonly stop = button('Stop', () => this.asking?.abort());
  private asking: AbortController | undefined;

  constructor(private readonly model: ConsoleModel) {
    for (const { path } of model.config.services) {
      this.service.append(element('option', { value: path }, path));
    }
    this.question.value = '{}';
    this.progress.hidden = true;
    this.stop.hidden = true;
    this.root = element(
      'form',
      { class: 'stack' },
      field('Service', this.service),
      field('Subject', this.subject),
      field('Request (JSON)', this.question),
      element(
        'div',
        { class: 'row' },
        element('button', { type: 'submit', class: 'primary' }, 'Ask'),
        this.stop,
      ),
      this.progress,
      this.answer,
      this.replies,
    );
    this.root.addEventListener('submit', (event) => {
      event.preventDefault();
      void this.ask();
    });
  }

  private async ask(): Promise<void> {
    this.asking?.abort();
    const asking = (this.asking = new AbortController());
    const { signal } = asking;
    const { config, tokens } = this.model;
    const { token } = tokens;
    const service = connect(
      config.address(this.service.value),
      token === '' ? {} : { token: () => token },
    );
    this.begin();
    const began = performance.now();
    let count = 0;
    try {
      const question: unknown = JSON.parse(this.question.value || 'null');
      for await (const reply of service.ask(this.subject.value.trim(), question, { signal })) {
        count += 1;
        this.show(reply);
        this.say(`${whole(count)} replies …`, true);
      }
      this.say(`${whole(count)} replies in ${duration(performance.now() - began)}`, true);
    } catch (error) {
      if (signal.aborted) this.say(`Stopped after ${whole(count)} replies`, true);
      else this.say(explain(error, token !== ''), false);
    } finally {
      service.close();
      if (this.asking === asking) this.stop.hidden = true;
    }
  }

  private begin(): void {
    this.replies.replaceChildren();
    this.stop.hidden = false;
    this.progress.hidden = false;
    this.progress.removeAttribute('value');
    this.say('Waiting for a reply …', true);
  }

  private show({ payload, progress }: Reply): void {
    if (progress && progress.total > 0) this.progress.value = progress.done / progress.total;
    this.replies.append(element('li', {}, preview(payload, 400)));
    if (this.replies.childElementCount > MAX_REPLIES) this.replies.firstElementChild?.remove();
  }

  private say(text: string, isGood: boolean): void {
    setText(this.answer, visibleText(text));
    this.answer.classList.toggle('bad', !isGood);
    if (!text.endsWith('…')) this.progress.hidden = true;
  }
}

function explain(error: unknown, hasToken: boolean): string {
  if (!(error instanceof HubError)) return `The request is not valid JSON: ${String(error)}`;
  const { status, reason, kind } = error;
  if (kind === 'service') return `Service error: ${status || ''} ${reason}`;
  return `${status || ''} ${reason}. ${refusalHint(status, hasToken)}`;
}
