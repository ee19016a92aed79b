/** Parameters of a request; undefined ones are left out, lists are repeated. */
export type Parameters = Readonly<Record<string, string | number | readonly string[] | undefined>>;

/** What a page, or a worker, tells of its own address. */
interface PageAddress {
  readonly document?: { readonly baseURI: string };
  readonly location?: { readonly href: string };
}

/** The addresses of one hub. */
export class HubAddress {
  readonly #base: URL;

  /** `url` may be relative in a page. */
  constructor(url: string | URL) {
    const { document, location } = globalThis as PageAddress;
    this.#base = new URL(url, document?.baseURI ?? location?.href);
  }

  /** The address as text: what cursors are stored under. */
  get name(): string {
    return this.#base.origin + this.#base.pathname + this.#base.search;
  }

  /** The hub's address with parameters, below it with a path. */
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
