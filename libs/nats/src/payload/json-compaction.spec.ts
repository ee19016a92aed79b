import fc from 'fast-check';
import { compactJson } from './json-compaction.js';

function compact(text: string): string | undefined {
  const result = compactJson(Buffer.from(text));
  return result === undefined ? undefined : Buffer.from(result).toString();
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** The reference implementation: strings are kept, whitespace elsewhere is removed. */
function reference(json: string): string {
  return json.replace(
    /("(?:[^"\\]|\\.)*")|[ \t\r\n]+/g,
    (_, text: string | undefined) => text ?? '',
  );
}

const indented = fc
  .tuple(fc.jsonValue(), fc.constantFrom('', ' ', '\t', '  '))
  .map(([value, indent]) => JSON.stringify(value, null, indent));

describe('compactJson', () => {
  it.each([
    ['{ "n" : 12345678901234567890 , "x" : 1.0 }', '{"n":12345678901234567890,"x":1.0}'],
    ['{"b":1, "a":2, "b":3}', '{"b":1,"a":2,"b":3}'],
    ['[1e3,1E+3,-0,0.10,1.0e-05]', '[1e3,1E+3,-0,0.10,1.0e-05]'],
    ['" a\\u0020\\ud800 \\/ <&> "', '" a\\u0020\\ud800 \\/ <&> "'],
    ['\r\n\t [\n] \n', '[]'],
    ['{ }', '{}'],
    ['  null', 'null'],
    ['"\u2028"', '"\u2028"'],
  ])('keeps all of %j except whitespace', (json, expected) => {
    expect(compact(json)).toBe(expected);
  });

  it.each([
    '',
    ' ',
    '{',
    '[1,]',
    '{"a":1,}',
    '{"a"}',
    '{a:1}',
    '{"a":1 "b":2}',
    '[1 2]',
    '[1}',
    '{"a":1]',
    '01',
    '1.',
    '.5',
    '1e',
    '+1',
    '-',
    '--1',
    'NaN',
    'tru',
    'truex',
    'nul',
    '"',
    '"\\x"',
    '"\\u12g4"',
    '"\\u12',
    '"\\',
    '"a\nb"',
    '"\t"',
    '"a" "b"',
    '1 2',
    "'a'",
    '\ufeff{}',
    '\u00a01',
    '\f1',
    ']',
    ',',
    '[,1]',
    '{,}',
    '// no\n1',
  ])('rejects %j', (text) => {
    expect(isJson(text)).toBe(false);
    expect(compact(text)).toBeUndefined();
  });

  it('returns compact input itself', () => {
    const data = Buffer.from('{"a":[1,2,{"b":"c d"}]}');
    expect(compactJson(data)).toBe(data);
  });

  it('keeps long runs between whitespace', () => {
    const long = JSON.stringify('x y '.repeat(1000));
    expect(compact(`[ ${long} , ${long} ]`)).toBe(`[${long},${long}]`);
  });

  it('accepts deep nesting', () => {
    const deep = `${'[ '.repeat(100_000)}${'] '.repeat(100_000)}`;
    expect(compact(deep)).toBe('['.repeat(100_000) + ']'.repeat(100_000));
    expect(compact('[{"a":'.repeat(100_000))).toBeUndefined();
  });

  it('accepts what JSON.parse accepts, and removes only whitespace', () => {
    fc.assert(
      fc.property(indented, (json) => {
        expect(compact(json)).toBe(reference(json));
        expect(compactJson(Buffer.from(JSON.stringify(JSON.parse(json))))).toBeDefined();
      }),
      { numRuns: 1000 },
    );
  });

  it('accepts or rejects damaged JSON as JSON.parse does', () => {
    const damage = fc.record({
      at: fc.nat(),
      cut: fc.nat(2),
      paste: fc.string({
        unit: fc.constantFrom(...'{}[]",:\\0123456789.eE+-tfnu \n\t\r\0é'),
        maxLength: 2,
      }),
    });
    fc.assert(
      fc.property(indented, fc.array(damage, { maxLength: 3 }), (json, changes) => {
        let text = json;
        for (const { at, cut, paste } of changes) {
          const place = at % (text.length + 1);
          text = text.slice(0, place) + paste + text.slice(place + cut);
        }
        // A lone surrogate cannot be encoded in UTF-8: it is replaced before it arrives.
        text = Buffer.from(text).toString();
        expect(compact(text)).toBe(isJson(text) ? reference(text) : undefined);
      }),
      { numRuns: 5000 },
    );
  });

  it('accepts or rejects random tokens as JSON.parse does', () => {
    const parts = [
      '{',
      '}',
      '[',
      ']',
      ',',
      ':',
      '"a"',
      '"\\u00e9"',
      '1',
      '-0.5e+3',
      'true',
      'null',
      ' ',
    ];
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...parts), { maxLength: 9 }), (soup) => {
        const text = soup.join('');
        expect(compact(text)).toBe(isJson(text) ? reference(text) : undefined);
      }),
      { numRuns: 20_000 },
    );
  });
});
