import type { AlarmOutlet } from './outlet.js'

export interface OutletChoice {
  /** a command of the shell */
  command?: string | undefined
  /** a URL */
  webhook?: string | undefined
  /** a file */
  file?: string | undefined
}

/**
 * Opens what is chosen.
 * @throws ExpectedError where a file cannot be written to, or a URL is none
 */
export async function openOutlets(
  { command, webhook, file }: OutletChoice,
  onNotice: (sentence: string) => void,
): Promise<AlarmOutlet[]> {
  const { PacedOutlet } = await import('./paced-outlet.js')
  const outlets: AlarmOutlet[] = []
  if (webhook !== undefined) {
    const deliver = (await import('./webhook.js')).webhook(webhook)
    outlets.push(new PacedOutlet({ deliver, onNotice }))
  }
  if (command !== undefined) {
    const deliver = (await import('./command.js')).alarmCommand(command)
    outlets.push(new PacedOutlet({ deliver, onNotice }))
  }
  if (file !== undefined) outlets.push(await (await import('./file-outlet.js')).fileOutlet(file, onNotice))
  return outlets
}
