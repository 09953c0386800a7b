/** The README's tables of directives and commands, generated from what the server is built of. */
import { allCommands } from "../../src/commands/all.ts"
import type { CommandDefinition } from "../../src/commands/Command.ts"
import { table } from "../../src/config/Directives.ts"

const code = (text: string): string => `\`${text.replaceAll("|", "\\|")}\``

const row = (cells: ReadonlyArray<string>): string => `| ${cells.join(" | ")} |`

const markdown = (heads: ReadonlyArray<string>, rows: ReadonlyArray<ReadonlyArray<string>>): string =>
  [row(heads), row(heads.map(() => "---")), ...rows.map(row)].join("\n")

/** Every directive as a flag, with its default as a line of a configuration file has it. */
function directivesTable(): string {
  const rows = table.map(({ default: value, help, kind, name }) => {
    const words = kind.lines(value).flat().join(" ")
    const metavar = /^\w+$/.test(kind.metavar) ? `<${kind.metavar}>` : kind.metavar
    return [code(`--${name} ${metavar}`), code(words === "" ? '""' : words), help]
  })
  return markdown(["Flag", "Default", "Meaning"], rows)
}

/** The command as it is typed; a container with its subcommands but for HELP, which each of them has. */
function typed({ name, subcommands = [] }: CommandDefinition): string {
  const names = subcommands.filter((sub) => sub.name !== "help").map((sub) => sub.name.toUpperCase())
  const own = code(name.toUpperCase())
  return names.length === 0 ? own : `${own} (${names.sort().join(" ")})`
}

function commandsTable(): string {
  const groups = [...new Set(allCommands.map(({ group }) => group))]
  const rows = groups.map((group) => {
    const commands = allCommands.filter((command) => command.group === group)
    return [group, commands.map(typed).sort().join(" ")]
  })
  return markdown(["Group", "Commands"], rows)
}

/** Puts a text between the lines `<!-- name -->` and `<!-- /name -->`. Throws if they are not there. */
function withSection(readme: string, name: string, text: string): string {
  const [before, rest] = readme.split(`<!-- ${name} -->\n`)
  const after = rest?.split(`<!-- /${name} -->\n`)[1]
  if (before === undefined || after === undefined) throw new Error(`the README has no section ${name}`)
  return `${before}<!-- ${name} -->\n\n${text}\n\n<!-- /${name} -->\n${after}`
}

/** The README with its tables up to date. */
export const withTables = (readme: string): string =>
  withSection(withSection(readme, "directives", directivesTable()), "commands", commandsTable())

/** Where the README is. */
export const README = new URL("../../README.md", import.meta.url)
