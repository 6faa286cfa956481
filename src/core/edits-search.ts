// Every start of a text in another, in linear time.

/** More places than this are not counted, unless all are wanted. */
const MAX_PLACES = 100;
/** Up to this length `indexOf` is fast whatever the text. */
const SHORT = 64;

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

/** Every start of `find` in `text`, overlapping ones too, up to `most`. Linear: `indexOf` took a second on hostile repetitions. */
export function positions(text: string, find: string, most: number = MAX_PLACES): number[] {
  const found: number[] = [];
  if (find === '') return found;
  if (find.length <= SHORT) {
    for (let i = text.indexOf(find); i !== -1 && found.length < most; i = text.indexOf(find, i + 1)) found.push(i);
    return found;
  }
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
