/** A part of the page. */
export interface View {
  readonly root: HTMLElement;
  /** After a change of what is chosen. */
  update?(): void;
  /** Some times a second: looks by itself whether there is anything to do. */
  draw?(): void;
}
