import fc from 'fast-check';

/** Any name that a field of a message can have. */
export const anyName = fc
  .stringMatching(/^[A-Za-z]\w{0,20}$/)
  .filter((text) => !/^xml\b/.test(text) && !(text in {}));

/** What a careless writer or reader of XML, or of the text that is signed, gets wrong. */
const awkward = fc.constantFrom(
  ']]>',
  ']',
  ']]',
  '>',
  '<',
  '&',
  '&amp;',
  '<![CDATA[',
  '</a>',
  '中',
  '😀',
  '\n',
  '\t',
  ' ',
  '=',
  '&key=',
);

const anyText = fc.oneof(
  fc.array(awkward, { maxLength: 12 }).map((parts) => parts.join('')),
  fc.string({ unit: 'grapheme' }).filter((text) => !/[^\P{Cc}\t\n]|[\uFFFE\uFFFF]/u.test(text)),
);

/** Any fields that a message can carry. */
export const anyFields = fc.dictionary(anyName, anyText, { maxKeys: 12 });
