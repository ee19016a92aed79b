import { readFileSync } from 'node:fs';
import os from 'node:os';
import { monitorEventLoopDelay, performance } from 'node:perf_hooks';

const round = (value, digits = 1) => Number(value.toFixed(digits));

/** Sums of the processors' times since the machine started, ms. */
function cpuTimes() {
  const sum = { busy: 0, total: 0 };
  for (const { times } of os.cpus()) {
    const total = times.user + times.nice + times.sys + times.idle + times.irq;
    sum.total += total;
    sum.busy += total - times.idle;
  }
  return sum;
}

/** Bytes over all interfaces but loopback since the machine started; undefined outside Linux. */
function networkBytes() {
  let table;
  try {
    table = readFileSync('/proc/net/dev', 'utf8');
  } catch {
    return undefined;
  }
  const sum = { received: 0, sent: 0 };
  for (const line of table.split('\n').slice(2)) {
    const [name, figures] = line.split(':');
    if (!figures || name.trim() === 'lo') continue;
    const columns = figures.trim().split(/\s+/).map(Number);
    sum.received += columns[0];
    sum.sent += columns[8];
  }
  return sum;
}

/** Reads this machine's figures; each reading is about the time since the one before. */
export class MachineFigures {
  #cpu = cpuTimes();
  #network = networkBytes();
  #loop = performance.eventLoopUtilization();
  #delay = monitorEventLoopDelay({ resolution: 10 });
  #at = performance.now();

  constructor() {
    this.#delay.enable();
  }

  /** Figures by topic. `network` is missing where the system does not offer it. */
  read() {
    const now = performance.now();
    const seconds = Math.max((now - this.#at) / 1000, 0.001);
    this.#at = now;
    const network = this.#readNetwork(seconds);
    return {
      cpu: this.#readCpu(),
      memory: this.#readMemory(),
      load: this.#readLoad(),
      ...(network && { network }),
      eventloop: this.#readEventLoop(),
    };
  }

  close() {
    this.#delay.disable();
  }

  #readCpu() {
    const { busy, total } = cpuTimes();
    const share = (busy - this.#cpu.busy) / Math.max(total - this.#cpu.total, 1);
    this.#cpu = { busy, total };
    return { percent: round(share * 100), cores: os.cpus().length };
  }

  #readMemory() {
    const total = os.totalmem();
    const used = total - os.freemem();
    return { total, used, percent: round((used / total) * 100) };
  }

  #readLoad() {
    const [one, five, fifteen] = os.loadavg().map((value) => round(value, 2));
    return { one, five, fifteen };
  }

  #readNetwork(seconds) {
    const before = this.#network;
    const after = networkBytes();
    this.#network = after;
    if (!before || !after) return undefined;
    return {
      receivedPerSecond: Math.round((after.received - before.received) / seconds),
      sentPerSecond: Math.round((after.sent - before.sent) / seconds),
    };
  }

  #readEventLoop() {
    const total = performance.eventLoopUtilization();
    const { utilization } = performance.eventLoopUtilization(total, this.#loop);
    this.#loop = total;
    const milliseconds = (nanos) => round(nanos / 1e6, 2);
    const { mean, max } = this.#delay;
    const p99 = this.#delay.percentile(99);
    this.#delay.reset();
    return {
      utilization: round(utilization, 4),
      delayMs: {
        mean: milliseconds(Number.isFinite(mean) ? mean : 0),
        p99: milliseconds(p99),
        max: milliseconds(max),
      },
    };
  }
}
