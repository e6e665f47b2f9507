import { Flags } from '@oclif/core'
import type { OutletChoice } from '../alarms/open-outlets.js'

/** Who is told of alarms, for commands that look at results as they come. */
export const alarmFlags = {
  'on-alarm': Flags.string({
    helpGroup: 'ALARMS',
    helpValue: 'COMMAND',
    description:
      'run by the shell when alarms come or go, every 10 s at most: events as lines of JSON on its standard input, the newest in words in DTSTREAM_ALARM',
  }),
  'alarm-webhook': Flags.string({
    helpGroup: 'ALARMS',
    helpValue: 'URL',
    description: 'is posted the same events as JSON, with a text that chat servers show; better set by its variable',
    env: 'DTSTREAM_ALARM_WEBHOOK',
  }),
  'alarms-to': Flags.string({
    helpGroup: 'ALARMS',
    helpValue: 'FILE',
    description: 'file to which each event is added as a line of JSON',
  }),
}

export interface AlarmFlags {
  'on-alarm': string | undefined
  'alarm-webhook': string | undefined
  'alarms-to': string | undefined
}

/** Who is to be told; undefined where nobody is. */
export function outletChoice(flags: AlarmFlags): OutletChoice | undefined {
  const choice = { command: flags['on-alarm'], webhook: flags['alarm-webhook'], file: flags['alarms-to'] }
  return Object.values(choice).some((one) => one !== undefined) ? choice : undefined
}
