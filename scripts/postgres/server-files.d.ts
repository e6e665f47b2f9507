export function findServer(): string | undefined
export function serverUser(): { uid?: number; gid?: number } | undefined
