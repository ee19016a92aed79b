import { readdirSync, readFileSync } from 'node:fs';

/**
 * CPU time of a process and all its threads so far, ms: nanoseconds out of the scheduler's own
 * statistics where they are there, else the 10 ms steps of `/proc/<pid>/stat`.
 */
export function cpuMs(pid: number): number {
  try {
    const tasks = readdirSync(`/proc/${pid}/task`);
    const nanos = tasks.map((task) => readFileSync(`/proc/${pid}/task/${task}/schedstat`, 'utf8'));
    return nanos.reduce((sum, text) => sum + Number(text.split(' ')[0]), 0) / 1e6;
  } catch {
    return parseStat(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  }
}

/** User and system time of a `stat` line, ms. The name before it may hold blanks and brackets. */
export function parseStat(line: string): number {
  const fields = line.slice(line.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

/** Resident bytes of a process now. */
export function residentBytes(pid: number): number {
  const [, kilobytes = '0'] =
    /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kilobytes) * 1024;
}

/** Bytes that a process has read and written so far, by system calls: sockets, pipes and files. */
export function ioBytes(pid: number): number {
  const text = readFileSync(`/proc/${pid}/io`, 'utf8');
  const of = (name: string): number => Number(new RegExp(`^${name}: (\\d+)`, 'm').exec(text)?.[1]);
  return of('rchar') + of('wchar');
}
