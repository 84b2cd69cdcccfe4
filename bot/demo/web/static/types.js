/**
 * The shapes that the server sends; nothing here runs.
 *
 * @typedef {"therapist"|"patient"|"stranger"} Role
 * @typedef {{id: number, name: string, role: Role, blocked: boolean}} Person
 * @typedef {{jump: string, at: string|null, to: string}} Jump  `to`: "question" where a session is over, else the jump
 * @typedef {{fault: string, left: number|null}} Fault
 * @typedef {{answers_given: number, answers_stored: number, waiting: number}} Counts
 * @typedef {object} World
 * @property {string|null} story
 * @property {string} language  of the practice, as an HTML `lang`
 * @property {{label: string, step: number, of: number}|null} playing
 * @property {boolean} stopped  the story did not come to its end
 * @property {Person[]} people
 * @property {{now: string, zone: string, jumps: Jump[]}} clock
 * @property {{state: "running"|"starting"|"killed", since: string}} bot
 * @property {Fault[]} faults
 * @property {string} folder
 * @property {string} run  of the demo: another one began from the beginning
 * @property {Counts} counts
 *
 * @typedef {{type: string, offset: number, length: number, url?: string}} Entity  offsets are UTF-16 units, as in JavaScript
 * @typedef {{label: string, data: string|null, url: string|null}} Button
 * @typedef {{kind: string, url: string, name: string, size: number, width?: number, height?: number}} Media
 * @typedef {object} Message
 * @property {number} id
 * @property {"bot"|"person"} from
 * @property {string} date
 * @property {boolean} edited
 * @property {string} text
 * @property {Entity[]} entities
 * @property {Button[][]} keyboard
 * @property {Media|null} media
 * @property {number|null} reply_to
 *
 * @typedef {{command: string, description: string}} Command
 * @typedef {{id: number, messages: Message[], typing: boolean, commands: Command[]}} Chat
 * @typedef {{chat: number, text: string, alert: boolean}} Answer
 * @typedef {{number: number, at: string, method: string, chat: number|null, status: number, params: object, response: object}} Call
 * @typedef {{kind: string, at: string, what: string}} Due
 * @typedef {{id: number, kind: string, to: string, class: string, state: string, attempts: number}} Outgoing
 * @typedef {{lines: string[]}} RuleLines
 * @typedef {{due: Due[], outbox: Outgoing[], rules: RuleLines[]}} Inside
 */

export {};
