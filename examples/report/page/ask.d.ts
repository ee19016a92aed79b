/** One reply of a service. */
export interface AskedReply {
  readonly payload: unknown;
  readonly progress?: { readonly done: number; readonly total: number };
}

export function ask(
  url: string,
  question: unknown,
  options?: { readonly signal?: AbortSignal; readonly headers?: Readonly<Record<string, string>> },
): AsyncGenerator<AskedReply>;
