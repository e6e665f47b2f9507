// What the S3 server of the tests is made of: versitygw, built once by Go into a cache folder.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { env } from 'node:process'
import { place } from '../kafka/broker-files.js'

const MODULE = 'github.com/versity/versitygw/cmd/versitygw@v1.8.0'
const CACHE = join(env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'dtstream', 'versitygw-1.8.0')

export const SERVER = join(CACHE, 'versitygw')

export function haveServer() {
  return existsSync(SERVER)
}

/** Builds the server if it is missing. It appears under its name when it is whole, so two runs at once do no harm. */
export function buildServer() {
  if (haveServer()) return
  mkdirSync(CACHE, { recursive: true })
  const folder = mkdtempSync(join(CACHE, 'build-'))
  try {
    const go = spawnSync('go', ['install', '-ldflags', '-s -w', MODULE], {
      encoding: 'utf8',
      env: { ...env, GOBIN: folder },
    })
    if (go.status !== 0) throw new Error(`Go could not build versitygw:\n${go.error ?? go.stdout + go.stderr}`)
    place(join(folder, 'versitygw'), SERVER)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
