import { readArguments } from './arguments.js';
import { parseStat } from './programs/process-facts.js';
import { withTopics } from './programs/topics-url.js';

describe('the command line of the bench', () => {
  it('has defaults for everything', () => {
    expect(readArguments([])).toMatchObject({ isQuick: false, runs: 3, scenarios: [] });
    expect(readArguments(['--quick'])).toMatchObject({ isQuick: true, runs: 1 });
  });

  it('takes a peer and a choice of scenarios', () => {
    const args = ['--scenario', 'burst,idle', '--url', 'http://127.0.0.1:9/events', '--pid', '42'];
    expect(readArguments(args)).toMatchObject({
      scenarios: ['burst', 'idle'],
      url: 'http://127.0.0.1:9/events',
      pid: 42,
    });
  });

  it('refuses what it does not know', () => {
    expect(() => readArguments(['--runs', 'many'])).toThrow('--runs');
    expect(() => readArguments(['--fast'])).toThrow('--fast');
  });

  it('puts topics where a server wants them', () => {
    expect(withTopics('http://x/events', ['a', 'b'])).toBe('http://x/events?topic=a&topic=b');
    expect(withTopics('http://x/events?k=1', ['a'])).toBe('http://x/events?k=1&topic=a');
    expect(withTopics('http://x/s?t={topics}', ['a', 'b'])).toBe('http://x/s?t=a,b');
  });

  it('reads CPU time past a name with blanks and brackets', () => {
    const line = `42 (a (b) c) S ${Array.from({ length: 10 }, () => 0).join(' ')} 12 30 0`;
    expect(parseStat(line)).toBe(420);
  });
});
