import { Injectable } from '@nestjs/common';

/** A hub's gauges as plain numbers that are read at a scrape: setting one costs nothing. */
export class HubReadings {
  connections = 0;
  sharedSubscriptions = 0;
  windowMessages = 0;
  windowBytes = 0;
  lastValuesMessages = 0;
  lastValuesBytes = 0;
  replayConsumers = 0;
  replaysWaiting = 0;
  /** Flushes the counts since the last scrape. */
  settle: () => void = () => undefined;

  constructor(readonly hub: string) {}
}

/** The gauges of all hubs of one application. */
@Injectable()
export class HubReadingsStore {
  private readonly readings = new Map<string, HubReadings>();

  open(hub: string): HubReadings {
    const readings = new HubReadings(hub);
    this.readings.set(hub, readings);
    return readings;
  }

  /** Removes the readings, unless a new hub with that name has opened its own. */
  close(readings: HubReadings): void {
    if (this.readings.get(readings.hub) === readings) this.readings.delete(readings.hub);
  }

  all(): Iterable<HubReadings> {
    return this.readings.values();
  }
}
