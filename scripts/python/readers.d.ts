export const PYTHON: string
export function haveReaders(): boolean
export function installReaders(): void
