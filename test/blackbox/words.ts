/** Text that engines have been known to sort, compare, escape or measure each in their own way. */

export const letters = [
  ...['A', 'a', 'Å', 'A\u030a', 'å', 'a\u030a', 'Z', 'z', 'É', 'E\u0301', 'é', 'ß', 'ẞ', 'ss', 'SS'],
  ...['ı', 'i', 'İ', 'I', 'i\u0307', 'Äpfel', 'Öl', 'Über', 'Zebra', 'Žižek', 'çay', 'Çay', 'Ñandú', 'ñ'],
  ...['Αθήνα', 'αθήνα', 'ΑΘΗΝΑ', 'Σίσυφος', 'σίσυφος', 'ΣΊΣΥΦΟΣ', 'Москва', 'москва', 'Ёлка', 'ёлка', 'елка'],
  ...['القاهرة', 'عربي', '北京', '東京', '한국', '가', '가\u11a8', '각', 'ไทย', 'हिन्दी'],
  ...[
    '👍',
    '👍🏽',
    '👨‍👩‍👧',
    '𝒜',
    '𐍈',
    '𐐀',
    '𐐨',
    '\u{10ffff}',
    '\ufffd',
    '\uffff',
    '\ue000',
    '\ud7ff',
    'ﬁ',
    'fi',
    'Ａ',
  ],
  ...['straße', 'STRASSE', 'strasse', 'İstanbul', 'istanbul', 'ISTANBUL', 'ıstanbul', 'selamat pagi', 'Selamat Pagi'],
]

export const signs = [
  ...['a b', 'a  b', 'a-b', 'a_b', 'a%b', 'a/b', 'a\\b', 'a.b', 'a,b', 'a;b', 'a:b', 'a|b', "a'b", 'a"b', 'a`b', 'ab'],
  ...[
    'a\u00a0b',
    'a\u00adb',
    'a\u200bb',
    'a\u200db',
    'a\ufeffb',
    'a\tb',
    'a\u0001b',
    'a\u007fb',
    'a\u0085b',
    'a\u001bb',
  ],
  ...[
    '%',
    '_',
    '%%',
    '\\',
    '\\\\',
    '\\n',
    '\\u0000',
    '\\x00',
    '\\000',
    '$1',
    '$1 and ?',
    '?',
    ':name',
    '@p',
    '{}',
    '[]',
  ],
  ...[
    '{"json":["text",null,1e400]}',
    '"',
    "'",
    "''",
    "'; DROP TABLE articles; --",
    "E'\\x41'",
    '$$x$$',
    '--',
    '/*',
    '*/',
  ],
  ...['null', 'NULL', 'true', 'NaN', 'Infinity', '0', '00', '01', '-1', '1', '10', '2', '1e3', '1.0', '0x10', '~', '!'],
  ...[
    '<b>bold</b>',
    '&amp;',
    '&',
    '<script>',
    '__proto__',
    'constructor',
    'toString',
    '\u0080',
    'ÿ',
    'Ā',
    '\u061c',
    '\u202eabc',
  ],
]

/** The same names in other clothes: what matches, and what does not, is decided by us and by no collation. */
export const disguises = [
  ...[
    'å',
    'A\u030A',
    'é',
    'E\u0301',
    'SS',
    'ß',
    'İ',
    'i\u0307',
    'I',
    'ı',
    'σίσυφος',
    'ΣΊΣΥΦΟΣ',
    'σίσυφοσ',
    'МОСКВА',
    '각',
  ],
  ...[
    '가\u11a8',
    '𐐀',
    '𐐨',
    'ａ',
    'Ａ',
    'straße',
    'STRASSE',
    'a%B',
    'A_B',
    'a\\b',
    'A"B',
    "A'B",
    'A\u00a0B',
    'NULL',
    '$1',
  ],
]

/** Text of so many code points, as limits count them, that cannot be compressed, from a range of them. */
export function noise(seed: number, length: number, from: number, to: number): string {
  let state = (seed * 2_654_435_761 + 1) >>> 0
  const text: string[] = []
  while (text.length < length) {
    // xorshift32
    state ^= state << 13
    state >>>= 0
    state ^= state >>> 17
    state ^= state << 5
    state >>>= 0
    const point = from + (state % (to - from + 1))
    const character = String.fromCodePoint(point)
    if (!character.isWellFormed() || /[\s\p{M}\p{C}]/u.test(character)) continue
    text.push(character)
  }
  return text.join('')
}

/** Ranges of one, two, three and four bytes, and letters that grow when they are composed or lower-cased. */
export const ranges = {
  ascii: [0x21, 0x7e],
  latin: [0xa1, 0x24f],
  chinese: [0x4e00, 0x9fff],
  astral: [0x20000, 0x2a6df],
} as const

export const growing = { dotted: 'İ', stroked: 'Ⱥ', composed: '\ufb2c', tripled: '\u{1d160}', hindi: '\u0958' }
