import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { SERVER } from '../../../scripts/s3/server-files.js'
import { freePorts } from '../../kafka/support/free-ports.js'
import { Guardian } from '../../kafka/support/guardian.js'
import { selfSigned } from './certificate.js'

export const ACCESS_KEY = 'test'
export const SECRET_KEY = 'a-secret-of-tests'
const READY_MS = 20_000

/** A real S3 server on the loopback: versitygw over a folder. It ends with the process that started it. */
export class LocalS3 {
  private child: ChildProcess | undefined
  private readonly guardian: Guardian

  private constructor(
    private readonly folder: string,
    readonly port: number,
    /** file of the certificate it shows, where it speaks TLS */
    readonly certificate: string | undefined,
    private readonly args: readonly string[],
  ) {
    this.guardian = new Guardian(folder)
  }

  static async start({ tls = false } = {}): Promise<LocalS3> {
    const folder = mkdtempSync(join(tmpdir(), 'dtstream-s3-'))
    for (const name of ['data', 'iam']) mkdirSync(join(folder, name))
    const [port] = await freePorts(1)
    const signed = tls ? selfSigned(folder) : undefined
    // without a folder of users an unknown access key would be an unknown address
    const args = ['--port', `127.0.0.1:${port}`, '--quiet', '--keep-alive', '--iam-dir', join(folder, 'iam')]
    if (signed) args.push('--cert', signed.certificate, '--key', signed.key)
    const server = new LocalS3(folder, port, signed?.certificate, [...args, 'posix', join(folder, 'data')])
    await server.restart()
    return server
  }

  get endpoint(): string {
    return `${this.certificate ? 'https' : 'http'}://127.0.0.1:${this.port}`
  }

  /** Where buckets are folders, and objects files. */
  get data(): string {
    return join(this.folder, 'data')
  }

  /** Starts it again over the same data, at the same address. */
  async restart(): Promise<void> {
    const log = openSync(join(this.folder, 'log'), 'a')
    this.child = spawn(SERVER, this.args, {
      // not on the command line, which everybody on the machine can read
      env: { PATH: process.env.PATH, ROOT_ACCESS_KEY: ACCESS_KEY, ROOT_SECRET_KEY: SECRET_KEY },
      stdio: ['ignore', log, log],
      detached: true,
    })
    closeSync(log)
    this.guardian.watch(this.child.pid ?? -1)
    const end = Date.now() + READY_MS
    while (!(await listens(this.port))) {
      if (this.child.exitCode !== null || Date.now() > end) throw this.failure()
      await sleep(20)
    }
  }

  async kill(): Promise<void> {
    if (!this.child || this.child.exitCode !== null || this.child.signalCode !== null) return
    const ended = once(this.child, 'exit')
    this.child.kill('SIGKILL')
    await ended
  }

  async stop(): Promise<void> {
    await this.kill()
    this.guardian.release()
    rmSync(this.folder, { recursive: true, force: true })
  }

  private failure(): Error {
    return new Error(`The S3 server did not start:\n${readFileSync(join(this.folder, 'log'), 'utf8').slice(-3000)}`)
  }
}

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    const end = (outcome: boolean) => {
      socket.destroy()
      resolve(outcome)
    }
    socket.once('connect', () => end(true)).once('error', () => end(false))
  })
}
