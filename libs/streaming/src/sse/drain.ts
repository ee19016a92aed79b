import { Injectable } from '@nestjs/common';
import { BehaviorSubject, type Observable } from 'rxjs';

/**
 * Whether the process is on its way out (contract §7, `drain_delay`). Readiness and the controller
 * look at it; the service's shutdown sets it, and it never goes back.
 */
@Injectable()
export class Drain {
  private readonly state = new BehaviorSubject(false);

  /** Emits the state on subscription, and once more when draining begins. */
  readonly draining$: Observable<boolean> = this.state.asObservable();

  get draining(): boolean {
    return this.state.value;
  }

  /** From now on unready, and new streams get the transient answer. Safe to call twice. */
  begin(): void {
    if (!this.state.value) this.state.next(true);
  }
}
