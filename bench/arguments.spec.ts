import { readArguments } from './arguments.js';
import { parseStat } from './programs/process-facts.js';
import { withTopics } from './programs/topics-url.js';

describe('the command line of the benchmark', () => {
  it('has a default for each option', () => {
    expect(readArguments([])).toMatchObject({ isQuick: false, runs: 3, scenarios: [] });
    expect(readArguments(['--quick'])).toMatchObject({ isQuick: true, runs: 1 });
  });

  it('accepts a peer and a selection of scenarios', () => {
    const args = ['--scenario', 'burst,idle', '--url', 'http://127.0.0.1:9/events', '--pid', '42'];
    expect(readArguments(args)).toMatchObject({
      scenarios: ['burst', 'idle'],
      url: 'http://127.0.0.1:9/events',
      pid: 42,
    });
  });

  it('rejects unknown options', () => {
    expect(() => readArguments(['--runs', 'many'])).toThrow('--runs');
    expect(() => readArguments(['--fast'])).toThrow('--fast');
  });

  it('places topics as the server under test expects them', () => {
    expect(withTopics('http://x/events', ['a', 'b'])).toBe('http://x/events?topic=a&topic=b');
    expect(withTopics('http://x/events?k=1', ['a'])).toBe('http://x/events?k=1&topic=a');
    expect(withTopics('http://x/s?t={topics}', ['a', 'b'])).toBe('http://x/s?t=a,b');
  });

  it('reads CPU time if the process name contains spaces and brackets', () => {
    const line = `42 (a (b) c) S ${Array.from({ length: 10 }, () => 0).join(' ')} 12 30 0`;
    expect(parseStat(line)).toBe(420);
  });
});
