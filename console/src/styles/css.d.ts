/** Style sheets, which the bundler extracts from the script. */
declare module '*.css';
