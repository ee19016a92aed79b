import { Random } from './random.js';
import { runChaos, type ChaosReport } from './chaos-run.js';

/** What caches, compiled code and the last seconds may differ by, in bytes; flat over rounds of faults. */
const HEAP_GROWTH = 12 * 1024 * 1024;

describe('random faults, long run', () => {
  let report: ChaosReport;
  beforeAll(async () => {
    const random = Random.ofRun('chaos');
    const plan = { faults: 110, deliveries: 300_000, perSecond: 400, clients: 24, visitors: 12 };
    report = await runChaos({ random, ...plan });
  }, 900_000);

  afterAll(() => process.stdout.write(`${JSON.stringify(report, null, 1)}\n`));

  it('injects as many faults as configured', () => {
    expect(report.deliveries).toBeGreaterThanOrEqual(300_000);
    expect(Object.values(report.faults).reduce((sum, n) => sum + n, 0)).toBeGreaterThanOrEqual(100);
    expect(report.replays).toBeGreaterThan(100);
    expect(report.pages).toBeGreaterThan(100);
  });

  it('loses nothing, duplicates nothing, and keeps the order', () => {
    expect(report.problems).toEqual([]);
    expect(report.resets).toBe(0);
  });

  it('leaves nothing behind: consumers, sockets, listeners, timers, heap', () => {
    expect(report.consumersLeft).toBe(1);
    expect(Object.values(report.gauges)).toEqual([0, 0, 0]);
    expect(report.after.sockets).toBeLessThanOrEqual(report.before.sockets);
    expect(report.warnings).toEqual([]);
    expect(report.after.resources['Timeout'] ?? 0).toBeLessThanOrEqual(
      (report.before.resources['Timeout'] ?? 0) + 3,
    );
    expect(report.after.heap - report.before.heap).toBeLessThan(HEAP_GROWTH);
  });
});
