/** The content of an element: text is never interpreted as markup. */
export type Child = Node | string | number | false | undefined;

/** Attributes by name; true is an empty attribute, false and undefined are omitted. */
export type Attributes = Readonly<Record<string, string | number | boolean | undefined>>;

/** Creates an element. Markup cannot be passed, so message content is always text. */
export function element<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Attributes = {},
  ...children: Child[]
): HTMLElementTagNameMap[Tag] {
  const made = document.createElement(tag);
  setAttributes(made, attributes);
  append(made, children);
  return made;
}

/** Creates an SVG element. */
export function svg<Tag extends keyof SVGElementTagNameMap>(
  tag: Tag,
  attributes: Attributes = {},
  ...children: Child[]
): SVGElementTagNameMap[Tag] {
  const made = document.createElementNS('http://www.w3.org/2000/svg', tag);
  setAttributes(made, attributes);
  append(made, children);
  return made;
}

/** Creates a button with an action. */
export function button(
  text: string,
  act: (event: MouseEvent) => void,
  attributes: Attributes = {},
): HTMLButtonElement {
  const made = element('button', { type: 'button', ...attributes }, text);
  made.addEventListener('click', act);
  return made;
}

/** A label with its control. */
export function field(label: string, control: HTMLElement, className = 'field'): HTMLLabelElement {
  return element('label', { class: className }, element('span', {}, label), control);
}

/** Changes text only if it differs: an unchanged node needs no layout. */
export function setText(node: Node, text: string): void {
  if (node.textContent !== text) node.textContent = text;
}

function setAttributes(made: Element, attributes: Attributes): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === false || value === undefined) continue;
    made.setAttribute(name, value === true ? '' : String(value));
  }
}

function append(made: Element, children: readonly Child[]): void {
  for (const child of children) {
    if (child === false || child === undefined) continue;
    made.append(typeof child === 'number' ? String(child) : child);
  }
}
