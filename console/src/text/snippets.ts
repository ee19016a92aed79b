/** The parameters of a snippet. */
export interface Shown {
  /** The hub's absolute URL. */
  readonly url: string;
  readonly topics: readonly string[];
  readonly start: string;
  readonly cursor: string;
  readonly needsToken: boolean;
  readonly eventType: 'message' | 'topic' | 'header';
  readonly payloadFormat: 'envelope' | 'raw';
}

/** The URL of the shown stream. */
export function streamAddress({ url, topics, start, cursor }: Shown): string {
  const address = new URL(url);
  for (const topic of topics) address.searchParams.append('topic', topic);
  if (cursor !== '') address.searchParams.append('last-id', cursor);
  else if (start !== 'live') address.searchParams.append('start', start);
  // Unescaped `>` and `*` are equivalent and readable.
  return address.href.replaceAll('%3E', '>').replaceAll('%3A', ':');
}

/** A shell command. The token is a variable, so that it does not appear in the shell's history. */
export function curlLine(shown: Shown): string {
  const token = shown.needsToken ? ` -H "Authorization: Bearer $TOKEN"` : '';
  return `curl -N${token} ${quoted(streamAddress(shown))}`;
}

/** Code with `EventSource`, without a library. */
export function eventSourceSnippet(shown: Shown): string {
  const cookies = shown.needsToken ? ', { withCredentials: true }' : '';
  const body =
    shown.payloadFormat === 'raw'
      ? [`  console.log(type, lastEventId, data);`]
      : [
          `  const { topic, payload, time } = JSON.parse(data);`,
          `  console.log(type, lastEventId, topic, payload, time);`,
        ];
  return [
    `const source = new EventSource(${JSON.stringify(streamAddress(shown))}${cookies});`,
    `const show = ({ type, data, lastEventId }) => {`,
    ...body,
    `};`,
    ...eventNames(shown).map((name) => `source.addEventListener(${JSON.stringify(name)}, show);`),
  ].join('\n');
}

/** The same with `@nuts/client`. */
export function clientSnippet(shown: Shown): string {
  const token = shown.needsToken ? ', { token: () => fetchToken() }' : '';
  const start = shown.start === 'live' ? '' : `, { start: ${JSON.stringify(shown.start)} }`;
  return [
    `import { connect } from '@nuts/client';`,
    ``,
    `const hub = connect(${JSON.stringify(shown.url)}${token});`,
    `for await (const { topic, payload, id } of hub.subscribe(${JSON.stringify(shown.topics)}${start})) {`,
    `  console.log(id, topic, payload);`,
    `}`,
  ].join('\n');
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

/** A listener is for one event name, but a hub may name its events by topic. */
function eventNames({ eventType, topics }: Shown): readonly string[] {
  if (eventType !== 'topic') return ['message'];
  const plain = topics.filter((topic) => !/[*>]/.test(topic));
  return plain.length > 0 ? plain : ['a.topic'];
}
