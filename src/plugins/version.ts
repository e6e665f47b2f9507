/** The version of the contract with plug-ins: a package exports it, so that one made for another is told of. */
export const CONTRACT = 1
