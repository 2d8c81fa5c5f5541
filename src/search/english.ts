/**
 * The stem of an English word by Porter's second algorithm (Snowball's "english"), after American spelling and after
 * irregular forms: organisation is organization, fought is fight. Written out here because the English one of
 * @orama/stemmers is Porter's first, which keeps quickly apart from quick, with a fault: it makes elec of election.
 */
export function stemEnglish(word: string): string {
  return porter(american(readAs.get(word) ?? word))
}

/** British spellings as America writes them; each pattern is about the words that are meant and no others. */
function american(word: string): string {
  return spellings.reduce((spelt, [british, replacement]) => spelt.replace(british, replacement), word)
}

const spellings: readonly (readonly [RegExp, string])[] = [
  [
    /^((?:dis|un)?(?:arm|behavi|clam|col|endeav|fav|flav|harb|hon|hum|lab|neighb|od|rum|sav|splend|tum|vap|vig))our/,
    '$1or',
  ],
  [/(?<!v)is(ations?|ational)$/, 'iz$1'],
  [/^(?!treat)(.{2,}(?:a[lnrst]|e[rst]|gn|i[cdlmnrt]|o[glnrt]|r[dn]|th|un))is(e[drs]?|ers|ing)$/, '$1iz$2'],
  [/^(ana|cata|para)lys(e[drs]?|ers|ing)$/, '$1lyz$2'],
  [/^((?:centi|kilo|milli)?met|cent|fib|lit|theat)re(s?)$/, '$1er$2'],
  [/^(def|off|pret)ence(s?)$/, '$1ense$2'],
  [/^licence/, 'license'],
  [/^practis/, 'practic'],
  [/^(anal|catal|dial)ogu(?:e(?=s?$)|(?=ed$|ing$))/, '$1og'],
  [/^programme(s?)$/, 'program$1'],
  [/^(an|leuk)aemi/, '$1emi'],
  [/^(encyclop|orthop|p)aed/, '$1ed'],
  [/^(arch)aeo/, '$1eo'],
  [/^manoeuvr(?:e(?=s?$)|(?=ed$|ing$))/, 'maneuver'],
  [/^judgement/, 'judgment'],
  [/^grey/, 'gray'],
]

/** Words that are stemmed as another: irregular forms, and derivations that the algorithm leaves apart. */
const readAs: ReadonlyMap<string, string> = new Map(
  pairs(`
  arisen=arise arose=arise ate=eat beaten=beat became=become began=begin begun=begin bitten=bite blew=blow blown=blow
  bought=buy bred=breed broke=break broken=break brought=bring built=build burnt=burn came=come caught=catch
  centred=center chose=choose chosen=choose dealt=deal drank=drink drawn=draw drew=draw driven=drive drove=drive
  dying=die eaten=eat fallen=fall fell=fall felt=feel fled=flee flew=fly flown=fly forbidden=forbid forgave=forgive
  forgiven=forgive forgot=forget forgotten=forget fought=fight found=find froze=freeze frozen=freeze gave=give
  given=give goes=go gone=go got=get gotten=get grew=grow grown=grow heard=hear held=hold hid=hide hidden=hide
  hung=hang kept=keep knew=know known=know laid=lay leapt=leap learnt=learn led=lead lent=lend lost=lose lying=lie
  made=make meant=mean met=meet misled=mislead overcame=overcome overtaken=overtake overthrew=overthrow
  overthrown=overthrow overtook=overtake paid=pay pasted=paste pasting=paste proven=prove ran=run rang=ring
  rebuilt=rebuild ridden=ride risen=rise rode=ride said=say sang=sing sank=sink sat=sit saw=see seen=see sent=send
  shaken=shake shook=shake shot=shoot shots=shoot shown=show shrank=shrink shrunk=shrink slept=sleep slid=slide
  sold=sell sought=seek spent=spend spoke=speak spoken=speak stole=steal stolen=steal stood=stand struck=strike
  stuck=stick sung=sing sunk=sink swam=swim swept=sweep swore=swear sworn=swear swung=swing taken=take taught=teach
  thought=think thoughts=think threw=throw thrown=throw told=tell took=take tore=tear torn=tear tying=tie
  undergone=undergo understood=understand undertaken=undertake undertook=undertake underwent=undergo upheld=uphold
  went=go withdrawn=withdraw withdrew=withdraw withheld=withhold won=win wore=wear worn=wear written=write wrote=write
  bacteria=bacterium buses=bus children=child crises=crisis criteria=criterion diagnoses=diagnosis feet=foot gases=gas
  halves=half knives=knife men=man mice=mouse phenomena=phenomenon shelves=shelf teeth=tooth thieves=thief wives=wife
  wolves=wolf women=woman
  activism=activist analyses=analyze analysis=analyze authored=author authoring=author capitalism=capitalist
  coastal=coast communism=communist consideration=consider considerations=consider deliveries=deliver delivery=deliver
  designer=design designers=design digitally=digital discoveries=discover discovery=discover economies=economic
  economy=economic elector=elect electoral=elect electorate=elect electors=elect execution=execute executions=execute
  experimental=experiment extremism=extremist fascism=fascist feminism=feminist financial=finance financially=finance
  governmental=government histories=historic history=historic importance=important importer=import importers=import
  infectious=infect injuries=injure injury=injure journalism=journalist legislature=legislate legislatures=legislate
  migrant=migrate migrants=migrate ministerial=minister ministries=minister ministry=minister nationalism=nationalist
  opposition=oppose parliamentarian=parliament parliamentarians=parliament parliamentary=parliament populism=populist
  presidential=president programmer=program programmers=program prosecutor=prosecute prosecutors=prosecute
  provincial=province publication=publish publications=publish racism=racist recoveries=recover recovery=recover
  residential=resident robberies=robber robbery=robber separatism=separatist severed=sever severing=sever
  severity=severe socialism=socialist strategic=strategy strategically=strategy taxation=tax terrorist=terror
  terrorists=terror tourism=tourist unite=united unites=united uniting=united
`),
)

/**
 * How words begin that the algorithm would join with others if it took endings off what follows: general is not
 * generous, authorities are not authors, business is not busy. The first nine are Snowball's own.
 */
const longBeginning = new RegExp(
  `^(?:${words(`
  arsen commun emerg gener inter later organ past univers
  accountab aide anim apartment author business caste celebrit conservative conversation cooper customer department
  design digital emirate engineer execut experiment federation formation harness hospitality import informal
  liberal likely major marie marin mineral minor officer paste person polite prior progressive protestant
  publicity quite respective sever united unlikely utilit vacation vegetable witness
  `)
    .sort((a, b) => b.length - a.length)
    .join('|')})`,
)

/** Whole words that the algorithm itself leaves out, and two names. */
const wholeWords: ReadonlyMap<string, string> = new Map(
  pairs(`
  andes=andes atlas=atlas bias=bias cosmos=cosmos early=earli gently=gentl harris=harris howe=howe idly=idl mars=mars
  news=news only=onli singly=singl skies=sky skis=ski sky=sky ugly=ugli
`),
)

/** What is left after the plural and must not lose its -ed or -ing. */
const complete = new Set(words('canning earring evening exceed herring inning outing proceed succeed'))

/** Porter's algorithm in his steps. A y that is a consonant is written Y on the way. */
function porter(word: string): string {
  const whole = wholeWords.get(word)
  if (whole !== undefined) return whole
  let stem = word.replace(/^y|(?<=[aeiouy])y/g, 'Y')
  const r1 = longBeginning.exec(stem)?.[0].length ?? regionAfter(stem, 0)
  const r2 = regionAfter(stem, r1)
  stem = withoutPlural(stem)
  if (complete.has(stem)) return stem
  stem = withoutTense(stem, r1).replace(/(?<=.[^aeiouy])[yY]$/, 'i')
  stem = simplified(stem, r1, r2)
  stem = withoutSuffix(stem, r2)
  return withoutLastLetter(stem, r1, r2).replaceAll('Y', 'y')
}

/** Where the part begins that follows the first consonant after a vowel: the only part to lose an ending. */
function regionAfter(stem: string, from: number): number {
  const at = stem.slice(from).search(/[aeiouy][^aeiouy]/)
  return at === -1 ? stem.length : from + at + 2
}

function withoutPlural(stem: string): string {
  if (stem.endsWith('sses')) return stem.slice(0, -2)
  if (/ie[ds]$/.test(stem)) return stem.slice(0, stem.length > 4 ? -2 : -1)
  return /[aeiouy].*[^us]s$/.test(stem) ? stem.slice(0, -1) : stem
}

function withoutTense(stem: string, r1: number): string {
  const ending = /(?:eed|eedly|ed|edly|ing|ingly)$/.exec(stem)
  if (!ending) return stem
  const rest = stem.slice(0, ending.index)
  if (ending[0].startsWith('ee')) return ending.index >= r1 ? `${rest}ee` : stem
  if (!/[aeiouy]/.test(rest)) return stem
  if (/(?:at|bl|iz)$/.test(rest)) return `${rest}e`
  if (/([bdfgmnprt])\1$/.test(rest)) return /^[aeo]..$/.test(rest) ? rest : rest.slice(0, -1)
  return rest.length <= r1 && shortSyllable.test(rest) ? `${rest}e` : rest
}

/** What hop ends with, and not hoop, hope or how. */
const shortSyllable = /(?:^[aeiouy]|[^aeiouy][aeiouy](?![wxY]))[^aeiouy]$/

/** Two steps: an ending gives way to a shorter one (-ization to -ize), then to a still shorter one or none. */
function simplified(stem: string, r1: number, r2: number): string {
  const first = firstEnding.exec(stem)
  if (first && first.index >= r1) stem = stem.slice(0, first.index) + shorter[first[0]]
  const second = /(?:(?:a?tion|ic)al|alize|ic(?:ate|iti)|ative|ful|ness)$/.exec(stem)
  if (!second || second.index < (second[0] === 'ative' ? r2 : r1)) return stem
  return stem.slice(0, second.index) + (shorter[second[0]] ?? '')
}

const firstEnding = new RegExp(
  '(?:(?:[ae]nc|abl|entl|all|full|ousl|lessl|bl|(?<=l)og|(?<=[cdeghkmnrt])l)i|tional|iz(?:er|ation)|' +
    'at(?:ional|ion|or)|alism|(?:al|iv|bil)iti|(?:ful|ous|ive)ness|(?<=l)ogist)$',
)

const shorter: Readonly<Record<string, string>> = Object.fromEntries(
  pairs(`
  abli=able aliti=al alism=al alize=al alli=al anci=ance ation=ate ational=ate ator=ate biliti=ble bli=ble enci=ence
  entli=ent fulli=ful fulness=ful ical=ic icate=ic iciti=ic iveness=ive iviti=ive ization=ize izer=ize lessli=less
  li= ogi=og ogist=og ousli=ous ousness=ous tional=tion
`),
)

function withoutSuffix(stem: string, r2: number): string {
  const ending = /(?:al|[ae]nce|er|ic|[ai]ble|ant|(?:e?m)?ent|ism|ate|iti|ous|ive|ize|(?<=[st])ion)$/.exec(stem)
  return ending && ending.index >= r2 ? stem.slice(0, ending.index) : stem
}

function withoutLastLetter(stem: string, r1: number, r2: number): string {
  const last = stem.length - 1
  if (stem.endsWith('e')) {
    return last >= r2 || (last >= r1 && !shortSyllable.test(stem.slice(0, -1))) ? stem.slice(0, -1) : stem
  }
  return last >= r2 && stem.endsWith('ll') ? stem.slice(0, -1) : stem
}

function pairs(text: string): [string, string][] {
  return words(text).map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)])
}

function words(text: string): string[] {
  return text.trim().split(/\s+/)
}
