/** `1.2 s`, `35 ms`. */
export function duration(ms: number): string {
  if (ms < 1_000) return `${ms < 10 ? Math.max(0, ms).toFixed(1) : Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1_000).toFixed(ms < 10_000 ? 1 : 0)} s`;
  if (ms < 3_600_000) return `${Math.round(ms / 60_000)} min`;
  if (ms < 86_400_000) return `${Math.round(ms / 3_600_000)} h`;
  return `${Math.round(ms / 86_400_000)} d`;
}

/** `0.5/s`, `1 000/s`; empty for nothing. */
export function rate(perSecond: number): string {
  if (perSecond === 0) return '–';
  return `${perSecond < 10 ? perSecond.toFixed(1) : whole(Math.round(perSecond))}/s`;
}

/** With thin spaces between thousands. */
export function whole(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, '\u2009');
}

/** `2.1 KB`. */
export function bytes(count: number): string {
  if (count < 1_024) return `${count} B`;
  if (count < 1_048_576) return `${(count / 1_024).toFixed(1)} KB`;
  return `${(count / 1_048_576).toFixed(1)} MB`;
}

/** The time of day with milliseconds. */
export function clock(at: number): string {
  const date = new Date(at);
  const two = (part: number): string => String(part).padStart(2, '0');
  const time = [date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join(':');
  return `${time}.${String(date.getMilliseconds()).padStart(3, '0')}`;
}

/** A number of a payload, short. */
export function figure(value: number): string {
  if (Number.isInteger(value)) return whole(value);
  return String(Number(value.toPrecision(5)));
}
