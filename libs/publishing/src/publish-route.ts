/**
 * The internal route for publishing to all hubs. Node decodes request targets as latin1, so an external
 * request cannot contain an arrow (U+2192).
 */
export const PUBLISH_ROUTE = '/nuts→publish';
