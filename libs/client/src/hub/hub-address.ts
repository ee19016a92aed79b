/** Parameters of a request; undefined ones are omitted, lists are repeated. */
export type Parameters = Readonly<Record<string, string | number | readonly string[] | undefined>>;

/** The URL of a page or worker. */
interface PageAddress {
  readonly document?: { readonly baseURI: string };
  readonly location?: { readonly href: string };
}

/** The URLs of one hub. */
export class HubAddress {
  readonly #base: URL;

  /** `url` may be relative in a page. */
  constructor(url: string | URL) {
    const { document, location } = globalThis as PageAddress;
    this.#base = new URL(url, document?.baseURI ?? location?.href);
  }

  /** The URL as text, used as the key of stored cursors. */
  get name(): string {
    return this.#base.origin + this.#base.pathname + this.#base.search;
  }

  /** The hub's URL with parameters, and with a path below it. */
  with(parameters: Parameters = {}, path = ''): string {
    const url = new URL(this.#base);
    if (path !== '') url.pathname = `${url.pathname.replace(/\/$/, '')}/${path}`;
    for (const [name, value] of Object.entries(parameters)) {
      const values = Array.isArray(value) ? (value as readonly string[]) : [value];
      for (const each of values) {
        if (each !== undefined) url.searchParams.append(name, String(each));
      }
    }
    return url.href;
  }
}
