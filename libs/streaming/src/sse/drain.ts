import { Injectable } from '@nestjs/common';
import { BehaviorSubject, type Observable } from 'rxjs';

/**
 * Whether the process is shutting down (contract §7, `drain_delay`). Readiness and the controller read it;
 * the service's shutdown sets it, permanently.
 */
@Injectable()
export class Drain {
  private readonly state = new BehaviorSubject(false);

  /** Emits the state on subscription, and again when draining starts. */
  readonly draining$: Observable<boolean> = this.state.asObservable();

  get draining(): boolean {
    return this.state.value;
  }

  /** From now on, readiness fails and new streams get the transient answer. Calling it twice is safe. */
  begin(): void {
    if (!this.state.value) this.state.next(true);
  }
}
