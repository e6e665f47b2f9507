import { Flags } from '@oclif/core'

/** Where `watch --web` serves its page. */
export const webFlags = {
  web: Flags.boolean({
    exclusive: ['json'],
    description: 'serve a page for browsers instead: live from a topic, with a slider over time from files and buckets',
  }),
  port: Flags.integer({
    default: 8090,
    min: 0,
    max: 65_535,
    helpValue: 'PORT',
    description: 'port of the page; 0 is any that is free',
  }),
  host: Flags.string({
    default: '127.0.0.1',
    helpValue: 'HOST',
    description: 'address that the page is served at; another than localhost lets everybody look who reaches it',
  }),
}
