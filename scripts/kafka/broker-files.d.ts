export const JAVA: string
export const CACHE: string
export const JARS: string
export function javaVersion(): string | undefined
export function runs(program: string, argument: string): boolean
export function haveJars(): boolean
export function fetchJars(): void
export function copyJars(pom: string, folder: string, what: string): void
export function place(made: string, name: string): void
