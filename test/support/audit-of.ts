import { type Audit, type AuditOptions, audit } from '../../src/audit/audit.js'
import { geometryDigest } from '../../src/core/run-file/geometry-digest.js'
import { DEFAULT_RUN } from '../../src/core/run-file/run-file.js'
import type { Log } from '../../src/log/log.js'
import type { FoldSettings } from '../../src/process/fold-settings.js'
import { readResults } from '../../src/sources/results/read-results.js'

export interface AuditChanges extends Partial<Omit<AuditOptions, 'settings'>> {
  settings?: Partial<FoldSettings>
}

/** Audits the results of the default run on `data_clean`, or what the changes say; what is no result is passed over. */
export function auditOf(log: Log, { settings, ...changes }: AuditChanges = {}): Promise<Audit | undefined> {
  const clean = changes.clean ?? 'data_clean'
  return audit({
    ...{ log, raw: 'data_raw', clean, group: 'dtstream', signal: new AbortController().signal },
    settings: { run: DEFAULT_RUN, geometry: geometryDigest(DEFAULT_RUN), grace: 2048, orbitDetail: true, ...settings },
    results: readResults([`topic:${clean}`], { log: async () => log, onForeign: () => undefined }),
    onProgress: () => undefined,
    ...changes,
  })
}
