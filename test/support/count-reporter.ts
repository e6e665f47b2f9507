import type { Reporter, TestCase, TestModule } from 'vitest/node'

/** Ends a run with one line of counts, and before it the name and reason of every test that was skipped. */
export default class CountReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[]): void {
    const tests = modules.flatMap((module) => [...module.children.allTests()])
    const skipped = tests.filter((test) => !['passed', 'failed'].includes(test.result().state))
    const passed = tests.filter((test) => test.result().state === 'passed').length
    // a file that cannot be loaded, or an error outside of any test, has no test to count it by
    const outside = modules.reduce((sum, module) => sum + module.errors().length, unhandledErrors.length)
    const failed = tests.length - passed - skipped.length + outside
    const lines = skipped.map((test) => `skipped: ${test.module.relativeModuleId}: ${test.fullName} (${reason(test)})`)
    process.stdout.write([...lines, `${passed} passed, ${failed} failed, ${skipped.length} skipped`, ''].join('\n'))
  }
}

function reason(test: TestCase): string {
  const result = test.result()
  return (result.state === 'skipped' && result.note) || 'no reason given'
}
