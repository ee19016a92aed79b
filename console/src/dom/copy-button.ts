import { type Attributes, button } from './element.js';

const SAID_MS = 1_500;

/** A button that copies a text and confirms it briefly. */
export function copyButton(
  label: string,
  text: () => string,
  attributes: Attributes = {},
): HTMLButtonElement {
  const made = button(label, () => void copy(), attributes);
  let timer: ReturnType<typeof setTimeout> | undefined;
  const copy = async (): Promise<void> => {
    made.textContent = (await written(text())) ? 'Copied' : 'Could not copy';
    clearTimeout(timer);
    timer = setTimeout(() => (made.textContent = label), SAID_MS);
  };
  return made;
}

/** Without HTTPS, a page has no clipboard, except on localhost. */
async function written(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}
