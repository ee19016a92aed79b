/** The stream of all scenarios. */
export const STREAM = 'BENCH';
/** Its subjects, all of them topics: there is no prefix. */
export const SUBJECTS = 'bench.>';

/** A JSON payload of exactly so many bytes, as compact as publishers send it. */
export function payloadOf(bytes: number, number = 0): Buffer {
  const open = `{"n":${String(number)},"text":"`;
  const close = '"}';
  const filling = bytes - open.length - close.length;
  if (filling < 0)
    throw new RangeError(`a payload has ${open.length + close.length} bytes at least`);
  return Buffer.from(open + letters(filling) + close);
}

/** JSON of a typical dashboard: about 200 bytes, the same names in each message, different values. */
export function readingOf(number: number): Buffer {
  const wave = (period: number): number => Math.round(50_000 + 50_000 * Math.sin(number / period));
  return Buffer.from(
    JSON.stringify({
      device: `press-${number % 97}`,
      line: ['north', 'south', 'west'][number % 3],
      temperature: wave(7.3) / 1000,
      pressure: wave(11.9) / 10,
      speed: wave(3.7),
      state: number % 13 === 0 ? 'warning' : 'running',
      operator: `badge ${(number * 7919) % 1009}`,
      cycle: 1_000_000 + number,
    }),
  );
}

/** Text without spaces or escapes: the benchmark measures the transfer, not the payload's encoding. */
function letters(length: number): string {
  const alphabet = 'the-quick-brown-fox-jumps-over-the-lazy-dog-0123456789-';
  return alphabet.repeat(Math.ceil(length / alphabet.length)).slice(0, length);
}

/** When the message of this number is due at a steady rate, ms after the first. */
export function dueMs(number: number, perSecond: number): number {
  return (number * 1000) / perSecond;
}

/** The topic of a message: each topic gets an equal share, and consecutive messages differ. */
export function topicInTurn(number: number, topics: readonly string[]): string {
  const topic = topics[number % topics.length];
  if (topic === undefined) throw new RangeError('no topics');
  return topic;
}

/** Names with a number: `bench.user.0`, `bench.user.1`, … */
export function numbered(prefix: string, count: number): string[] {
  return Array.from({ length: count }, (_, index) => `${prefix}.${index}`);
}
