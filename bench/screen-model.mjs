// The model of bench/screen.mjs, in a process of its own: eight files that stream token by token for as long as anybody listens to them.
// usage: node bench/screen-model.mjs TOKENS_PER_SECOND; prints its address, then a line for each file that begins.
import { scripted } from '../test/e2e/scripted.ts';
import { plan, tests, WORDS } from './parallel.mjs';

const rate = Number(process.argv[2]) / WORDS.length;
const LONGEST_SECONDS = 120;

/** Lines of code of all lengths up to a window's width and some beyond. */
function code(characters) {
  let text = '';
  for (let n = 1; text.length < characters; n++) {
    const value = Array.from({ length: n % 9 }, (_, i) => `total${i} * ${n + i}`).join(' + ') || String(n);
    text += `export const value${n} = ${value};\n`;
    if (n % 12 === 0) text += '\n/** What the values before it come to. */\n';
  }
  return text;
}

const { url } = await scripted(({ step, subject }) => {
  if (step === 'plan') return { text: plan };
  if (tests[subject] !== undefined) return { text: `<file path="${subject}">\n${tests[subject]}</file>` };
  if (step !== 'draft') return undefined;
  console.log(subject);
  return { text: `<file path="${subject}">\n${code(rate * 4 * LONGEST_SECONDS)}</file>`, tokensPerSecond: rate, eachToken: true };
});
console.log(url);
