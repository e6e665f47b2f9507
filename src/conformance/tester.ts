/** What the suites need of a test runner: vitest and node:test both have it. */
export interface Tester {
  describe(name: string, tests: () => void): unknown
  it(name: string, test: () => Promise<void>): unknown
}
