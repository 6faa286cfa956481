// Every start of a text in another, in linear time.

/** More places than this are not counted, unless all are wanted. */
const MAX_PLACES = 100;
/** Up to this length `indexOf` is fast whatever the text. */
const SHORT = 64;
/** Places of a long block's first characters that are compared one by one. */
const MAX_STARTS = 500;

/** How far a match of the first `i` characters of `find` can be carried over: the failure function of Knuth, Morris and Pratt. */
function carryOver(find: string): Uint32Array {
  const carry = new Uint32Array(find.length + 1);
  let length = 0;
  for (let i = 1; i < find.length; i++) {
    while (length > 0 && find.charCodeAt(i) !== find.charCodeAt(length)) length = carry[length] ?? 0;
    if (find.charCodeAt(i) === find.charCodeAt(length)) length++;
    carry[i + 1] = length;
  }
  return carry;
}

/** Every start of `find` in `text`, overlapping ones too, up to `most`. Linear: `indexOf` alone took a second on hostile repetitions. */
export function positions(text: string, find: string, most: number = MAX_PLACES): readonly number[] {
  if (find === '') return [];
  const starts: number[] = [];
  const start = find.slice(0, SHORT);
  const enough = find.length <= SHORT ? most : MAX_STARTS;
  for (let i = text.indexOf(start); i !== -1 && starts.length < enough; i = text.indexOf(start, i + 1)) starts.push(i);
  if (find.length <= SHORT) return starts;
  if (starts.length < MAX_STARTS) return starts.filter((i) => text.startsWith(find, i)).slice(0, most);
  return linearly(text, find, most);
}

function linearly(text: string, find: string, most: number): readonly number[] {
  const found: number[] = [];
  const carry = carryOver(find);
  let length = 0;
  for (let i = 0; i < text.length && found.length < most; i++) {
    while (length > 0 && text.charCodeAt(i) !== find.charCodeAt(length)) length = carry[length] ?? 0;
    if (text.charCodeAt(i) === find.charCodeAt(length)) length++;
    if (length === find.length) {
      found.push(i - length + 1);
      length = carry[length] ?? 0;
    }
  }
  return found;
}
