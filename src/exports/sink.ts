// What a plug-in that brings a sink needs of dtstream: docs/plugins.md.
export type {
  DriftHistogram,
  FileRange,
  OrbitRange,
  PerChamber,
  Result,
  RowCounts,
  SourceRange,
  SparseCounts,
  TopicRange,
  WindowRange,
} from '../core/results/result.js'
export type { RunFile } from '../core/run-file/run-file.js'
export { EXIT, ExpectedError, TransientError } from '../errors.js'
export { CONTRACT } from '../plugins/version.js'
export type { Sink, SinkContext, SinkSpec, SinkUri } from '../sinks/sink.js'
