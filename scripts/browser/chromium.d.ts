export const CHROMIUM: string | undefined
export const LAUNCH: { executablePath: string; args: string[] }
