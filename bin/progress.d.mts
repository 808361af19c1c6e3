export function showProgress(title: string): { end(done?: string): void };
