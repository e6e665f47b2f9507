import { existsSync } from 'node:fs'
import { env } from 'node:process'

/** Where Debian and others put it. */
const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']

/** The Chromium that CHROMIUM_PATH names, or that is installed; undefined where there is none. */
export const CHROMIUM = env.CHROMIUM_PATH ? env.CHROMIUM_PATH : PLACES.find((path) => existsSync(path))

/** For a browser that is run without a screen, in a container, and shall ask nobody anything. */
export const LAUNCH = {
  executablePath: CHROMIUM,
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--disable-background-networking', '--disable-sync'],
}
