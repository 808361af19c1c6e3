/** Waits before a request is carried out. Tests use it to have two requests under way at once. */
export type Delay = (request: { method: string; path: string }) => Promise<void>;
