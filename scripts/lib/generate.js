import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { env, execPath } from 'node:process'
import { fileURLToPath } from 'node:url'

/** What can be generated, and oclif's commands for it. */
export const GENERATED = { manifest: ['manifest'], readme: ['manifest', 'readme'] }

const OCLIF = fileURLToPath(new URL('../../node_modules/oclif/bin/run.js', import.meta.url))

/** Runs oclif's generators on the built project in `folder`; the lines of help are as long everywhere. */
export function generate(folder, what) {
  for (const step of GENERATED[what]) {
    const args =
      step === 'readme'
        ? ['readme', '--no-aliases', '--no-source-links', '--tsconfig-path=tsconfig.build.json']
        : ['manifest']
    const { status } = spawnSync(execPath, [OCLIF, ...args], {
      cwd: folder,
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { ...env, COLUMNS: '100', NODE_ENV: 'production', OCLIF_SKIP_NEW_VERSION_CHECK: 'true' },
    })
    if (status !== 0) throw new Error(`oclif ${step} did not succeed`)
  }
  endWithNewline(join(folder, 'oclif.manifest.json'))
}

function endWithNewline(file) {
  writeFileSync(file, `${readFileSync(file, 'utf8').trimEnd()}\n`)
}
