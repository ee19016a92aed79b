/**
 * The one route behind the writing of all hubs, reached as the stream's route is: Node decodes request
 * targets as latin1, so none from outside can hold an arrow (U+2192).
 */
export const PUBLISH_ROUTE = '/nuts→publish';
