// The suites that every sink and every source must pass, for a plug-in's own tests; fast-check has to be installed for them.
export type { TestRecord } from '../conformance/records.js'
export { type SinkPlace, sinkConformance } from '../conformance/sinks.js'
export { type SourceKind, sourceConformance } from '../conformance/sources.js'
export type { Tester } from '../conformance/tester.js'
