/** What to do with what runs. */
export function guide({ url, path, broker }) {
  const hasConsole = /^(true|1)?$/i.test((process.env.CONSOLE ?? '').trim());
  const stream = `${url}${path}?topic=host.cpu`;
  const moved = broker.moved ? ' (4222 was taken)' : '';
  return `
  NUTS is up.

${hasConsole ? `  console    ${url}/console\n` : ''}  stream     ${stream}
  watch it   curl -N '${stream}'
  a page     node examples/browser/serve.js ${url}
  all feeds  host.cpu  host.memory  host.load  host.network  host.eventloop, once a second
  publish    npm run publish -- host.note '{"hello":"world"}'
             curl -N '${url}${path}?topic=host.note'
  broker     nats-server ${broker.version} at ${broker.url}${moved}, stream EVENTS, data in .data/
  stop       Ctrl-C
`;
}
