import { Flags } from '@oclif/core'

/** Where `watch --web` serves its page. */
export const webFlags = {
  web: Flags.boolean({
    exclusive: ['json', 'check'],
    description: 'show a page in browsers instead: live of a topic, with a slider over time of files and buckets',
  }),
  port: Flags.integer({
    default: 8090,
    min: 0,
    max: 65_535,
    helpValue: 'PORT',
    description: 'port of the page of --web; 0 is any that is free',
  }),
  host: Flags.string({
    default: '127.0.0.1',
    helpValue: 'HOST',
    description:
      'address of the page of --web; by another than that of this machine alone everybody can look who reaches it',
  }),
}
