import type { Interfaces } from '@oclif/core'

/** The flags that this one names as exclusive, and those that name this one. */
export function excludedBy(name: string, flags: Interfaces.FlagInput): string[] {
  const own = flags[name]?.exclusive ?? []
  const others = Object.keys(flags).filter((other) => flags[other].exclusive?.includes(name))
  return [...own, ...others]
}
