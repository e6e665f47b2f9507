import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, chownSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { findServer, serverUser } from '../../../scripts/postgres/server-files.js'
import { freePorts } from '../../kafka/support/free-ports.js'
import { Guardian } from '../../kafka/support/guardian.js'

export const USER = 'tester'
export const PASSWORD = 'a-secret-of-tests'
/** Nothing that a client is told by. */
const PLAIN = { PATH: process.env.PATH, LC_ALL: 'C' }
const LONGEST_START_MS = 30_000

/** A PostgreSQL server of its own, in a folder of its own, that asks for passwords. */
export class LocalPostgres {
  private server: ChildProcess | undefined
  private readonly guardian: Guardian

  private constructor(
    private readonly programs: string,
    private readonly user: { uid?: number; gid?: number },
    private readonly folder: string,
    readonly port: number,
    private readonly settings: string[],
  ) {
    this.guardian = new Guardian(folder)
  }

  /** @param settings as in postgresql.conf: `ssl=on` */
  static async start(settings: string[] = [], files: Record<string, string> = {}): Promise<LocalPostgres> {
    const [programs, user] = [findServer(), serverUser()]
    if (!programs || !user) throw new Error('there is no PostgreSQL server here: npm run test:postgres says what to do')
    const folder = mkdtempSync(path.join(tmpdir(), 'dtstream-postgres-'))
    for (const [name, content] of Object.entries({ ...files, password: PASSWORD })) {
      writeFileSync(path.join(folder, name), content, { mode: 0o600 })
      own(path.join(folder, name), user)
    }
    own(folder, user)
    chmodSync(folder, 0o700)
    const [port] = await freePorts(1)
    const local = new LocalPostgres(programs, user, folder, port, settings)
    local.initialise()
    await local.startServer()
    return local
  }

  uri(options = ''): string {
    return `postgres://${USER}@127.0.0.1:${this.port}/postgres${options}`
  }

  /** Of its folder, as the server sees it. */
  path(name: string): string {
    return path.join(this.folder, name)
  }

  /** Runs statements as the server's owner. */
  async query<T extends pg.QueryResultRow>(text: string, values: unknown[] = []): Promise<T[]> {
    const client = await this.client()
    try {
      return (await client.query<T>(text, values)).rows
    } finally {
      await client.end()
    }
  }

  async client(): Promise<pg.Client> {
    const client = new pg.Client({
      ...{ host: '127.0.0.1', port: this.port, user: USER, password: PASSWORD, database: 'postgres', ssl: false },
    })
    client.on('error', () => undefined)
    await client.connect()
    return client
  }

  /** As a power cut would, but for what the system has still to write. */
  async kill(): Promise<void> {
    const { server } = this
    if (!server || server.exitCode !== null || server.signalCode !== null) return
    server.kill('SIGKILL')
    await once(server, 'exit')
  }

  /** Until it takes connections; what is left of one that was killed may keep it waiting. */
  async startServer(): Promise<void> {
    for (const end = performance.now() + LONGEST_START_MS; performance.now() < end; await sleep(100)) {
      if (!this.server || this.server.exitCode !== null || this.server.signalCode !== null) this.spawnServer()
      const client = await this.client().catch(() => undefined)
      if (!client) continue
      await client.end()
      return
    }
    throw new Error(`PostgreSQL did not start within ${LONGEST_START_MS} ms: see ${this.folder}`)
  }

  async stop(): Promise<void> {
    const { server } = this
    if (server && server.exitCode === null && server.signalCode === null) {
      server.kill('SIGINT')
      await once(server, 'exit')
    }
    this.guardian.release()
    rmSync(this.folder, { recursive: true, force: true })
  }

  private initialise(): void {
    const args = ['-D', this.path('data'), '-U', USER, '--auth=scram-sha-256', '--no-sync', '--encoding=UTF8']
    const { status, stderr } = spawnSync(
      path.join(this.programs, 'initdb'),
      [...args, '--locale=C', `--pwfile=${this.path('password')}`],
      { ...this.user, env: PLAIN, cwd: this.folder, encoding: 'utf8' },
    )
    if (status !== 0) throw new Error(`initdb did not succeed: ${stderr}`)
  }

  private spawnServer(): void {
    // what a process has written survives its end; only a power cut needs fsync
    const settings = [
      'listen_addresses=127.0.0.1',
      'fsync=off',
      `unix_socket_directories=${this.folder}`,
      ...this.settings,
    ]
    this.server = spawn(
      path.join(this.programs, 'postgres'),
      ['-D', this.path('data'), '-p', String(this.port), ...settings.flatMap((setting) => ['-c', setting])],
      { ...this.user, env: PLAIN, cwd: this.folder, stdio: 'ignore' },
    )
    if (this.server.pid) this.guardian.watch(this.server.pid)
  }
}

function own(file: string, { uid, gid }: { uid?: number; gid?: number }): void {
  if (uid !== undefined && gid !== undefined) chownSync(file, uid, gid)
}
