/** A mapper returned a result that cannot be sent. */
export class MapperResultError extends Error {
  override readonly name = 'MapperResultError';
}
