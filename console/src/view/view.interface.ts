/** A part of the page. */
export interface View {
  readonly root: HTMLElement;
  /** Called after a change of the selection. */
  update?(): void;
  /** Called several times per second; checks itself whether anything has changed. */
  draw?(): void;
}
