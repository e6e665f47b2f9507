export const PYTHON: string
export const CONNECTOR_JARS: string
export function sparkHome(): string | undefined
export function haveSpark(): boolean
export function haveConnector(): boolean
export function connectorJars(): string
export function installSpark(): void
export function fetchConnector(): void
