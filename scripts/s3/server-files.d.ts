export const SERVER: string
export function haveServer(): boolean
export function buildServer(): void
