// How a file is written, as the language service wants to know it.
import type { ts as T } from 'ts-morph';
import { ts } from './compiler.ts';

/** Indentation, line ends and quotes of a file; endings of imports are taken from the imports that there are. */
export function formatOf(text: string): { readonly settings: T.FormatCodeSettings; readonly preferences: T.UserPreferences } {
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  const tabs = /^\t/m.test(text);
  const indent = /^( {2,8})\S/m.exec(text)?.[1]?.length ?? 2;
  const single = (text.match(/'/g) ?? []).length >= (text.match(/"/g) ?? []).length;
  const spaced = !/^(?:import|export) \{\S/m.test(text);
  return {
    settings: {
      ...ts.getDefaultFormatCodeSettings(eol),
      convertTabsToSpaces: !tabs,
      indentSize: tabs ? 4 : indent,
      tabSize: tabs ? 4 : indent,
      insertSpaceAfterOpeningAndBeforeClosingNonemptyBraces: spaced,
    },
    preferences: { quotePreference: single ? 'single' : 'double', allowTextChangesInNewFiles: true },
  };
}
