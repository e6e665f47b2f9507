import { Errors, type Hook, toConfiguredId } from '@oclif/core'
import { EXIT } from '../errors.js'
import { nearestName } from '../nearest-name.js'

/** oclif's hook for a command that does not exist: says so, and which one was most likely meant. */
const commandNotFound: Hook.CommandNotFound = async ({ id, config }) => {
  const typed = toConfiguredId(id, config).split(' ')
  const known = config.commands.filter(({ hidden }) => !hidden).map((command) => toConfiguredId(command.id, config))
  const near = nearestCommand(typed, known)
  throw new Errors.CLIError(`there is no command '${typed.join(' ')}'`, {
    exit: EXIT.usage,
    suggestions: [...(near ? [`${config.bin} ${near}`] : []), `${config.bin} --help`],
  })
}

export default commandNotFound

/** Arguments stand behind the command without a mark, so it is looked for with ever fewer words. */
function nearestCommand(typed: string[], known: string[]): string | undefined {
  for (let words = typed.length; words > 0; words--) {
    const near = nearestName(typed.slice(0, words).join(' '), known)
    if (near) return near
  }
  return undefined
}
