import fc from 'fast-check';
import { loadFile, issuesOf } from '../loading.fixture.js';
import { fillPlaceholders } from './placeholder.js';

const env = { HOST_NAME: 'h', EMPTY: '', TRICK: '${HOST_NAME}' };
const fill = (text: string): unknown => {
  const parsed = fillPlaceholders(text, env, new Set());
  return parsed.ok ? parsed.value : new RegExp(parsed.reason ?? '');
};

describe('placeholders', () => {
  it.each([
    ['${HOST_NAME}', 'h'],
    ['nats://${HOST_NAME}:${PORT_NUMBER:4222}', 'nats://h:4222'],
    ['${NONE:nats://a:1}', 'nats://a:1'],
    ['${NONE:}', ''],
    ['${EMPTY:x}', 'x'],
    ['${HOST_NAME:x}', 'h'],
    ['$${HOST_NAME}', '${HOST_NAME}'],
    ['$HOST_NAME $5 }', '$HOST_NAME $5 }'],
    ['${TRICK}', '${HOST_NAME}'],
  ])('%s becomes %s', (text, filled) => {
    expect(fill(text)).toBe(filled);
  });

  it.each([
    '${NONE}',
    '${EMPTY}',
    'a ${',
    '${}',
    '${1A}',
    '${A B}',
    '${HOST_NAME',
    '${NONE:${HOST_NAME}}',
    '${HOST_NAME:${NONE:x}}',
    '${NONE:a$${b}}',
  ])('%s is an error', (text) => {
    expect(fillPlaceholders(text, env, new Set()).ok).toBe(false);
  });

  it('leaves text without ${ unchanged', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        fc.pre(!text.includes('${'));
        expect(fill(text)).toBe(text);
      }),
    );
  });

  it('cannot inject YAML', () => {
    const text = 'nats_url: a\nstream_name: ${NAME}\nhubs:\n  - path: /a\n';
    const issues = issuesOf(() => loadFile(text, { NAME: 'E\nnats_token: t' }));
    expect(issues).toEqual([expect.stringMatching(/^hubs.yaml:2: stream_name: "E\\nnats_token/)]);
  });

  it('report the missing variable and the line', () => {
    const text = 'nats_url: a\nstream_name: ${STREAM}\nhubs:\n  - path: /a\n';
    expect(issuesOf(() => loadFile(text))).toEqual([
      'hubs.yaml:2: stream_name: "${STREAM}" needs the environment variable STREAM, which is unset',
    ]);
  });
});
