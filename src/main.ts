import { commands, usage } from './cli/index.ts'
import { Problem, StartError } from './errors.ts'

/** Argv to command. Reasons that a person can do something about are one sentence; anything else is a stack. */
const [name = 'help', ...args] = process.argv.slice(2)
const load = Object.hasOwn(commands, name) ? commands[name as keyof typeof commands] : undefined

try {
  if (load === undefined) {
    const asked = ['help', '--help', '-h'].includes(name)
    const print = asked ? console.log : console.error
    print(asked ? await usage() : `There is no command ${JSON.stringify(name)}.\n\n${await usage()}`)
    process.exitCode = asked ? 0 : 2
  } else {
    const command = await load()
    await command.run(args)
  }
} catch (error) {
  const explained = error instanceof StartError || error instanceof Problem || isUsageError(error)
  console.error(explained ? (error as Error).message : error)
  process.exitCode = explained && isUsageError(error) ? 2 : 1
}

/** What parseArgs throws for a flag that there is not. */
function isUsageError(error: unknown): boolean {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS')
}
