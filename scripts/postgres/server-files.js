import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { env, getuid } from 'node:process'

/** Where Debian puts the programs of each version, which are not in the PATH there. */
const DEBIAN = '/usr/lib/postgresql'
const PROGRAMS = ['initdb', 'postgres']

/** The folder that has the server's programs; undefined where there is none. */
export function findServer() {
  const debian = existsSync(DEBIAN) ? readdirSync(DEBIAN).sort((a, b) => Number(b) - Number(a)) : []
  const folders = [...(env.PATH ?? '').split(delimiter), ...debian.map((version) => join(DEBIAN, version, 'bin'))]
  return folders.find((folder) => PROGRAMS.every((program) => existsSync(join(folder, program))))
}

/** Whom the server can run as: it refuses to be root's. Empty for the user who asks; undefined where there is nobody. */
export function serverUser() {
  if (getuid?.() !== 0) return {}
  for (const name of ['postgres', 'nobody']) {
    const [uid, gid] = ['-u', '-g'].map((what) => spawnSync('id', [what, name], { encoding: 'utf8' }))
    if (uid.status === 0 && gid.status === 0) return { uid: Number(uid.stdout), gid: Number(gid.stdout) }
  }
  return undefined
}
