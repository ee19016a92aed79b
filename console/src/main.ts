import 'uplot/dist/uPlot.min.css';
import './styles/console.css';
import { loadConfig } from './config/load-config.js';
import { element } from './dom/element.js';
import { Ticker } from './dom/ticker.js';
import { ConsoleModel } from './state/console-model.js';
import { PageView } from './view/page.view.js';

async function open(root: HTMLElement): Promise<void> {
  const config = await loadConfig(import.meta.url);
  const model = new ConsoleModel(config, history, location.hash);
  const page = new PageView(model);
  root.replaceChildren(page.root);
  model.onChange(() => page.update());
  addEventListener('hashchange', () => model.open(location.hash));
  model.restart();
  page.update();
  const ticker = new Ticker();
  ticker.add(() => page.draw());
  ticker.start();
}

const root = document.getElementById('console');
if (root) {
  open(root).catch((error: unknown) => {
    const reason = error instanceof Error ? error.message : String(error);
    const text = `The console could not load its settings: ${reason}. Reload the page to try again.`;
    root.replaceChildren(element('p', { class: 'empty', role: 'alert' }, text));
  });
}
