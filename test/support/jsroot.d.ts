// The package's own declarations are not at the paths that it exports.
declare module 'jsroot/core' {
  export function parse(json: string): unknown
}
declare module 'jsroot/draw' {
  export function makeSVG(options: { object: unknown; option?: string; width: number; height: number }): Promise<string>
}
