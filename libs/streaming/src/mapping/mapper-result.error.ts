/** A mapper returned what cannot be sent. */
export class MapperResultError extends Error {
  override readonly name = 'MapperResultError';
}
