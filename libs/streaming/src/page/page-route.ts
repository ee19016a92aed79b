/** The internal route for the pages of all hubs; see `STREAM_ROUTE`. */
export const PAGE_ROUTE = '/nuts→page';
