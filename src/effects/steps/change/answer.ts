// A reply that holds its edits in its text instead of tool calls.

import { hasPatch } from '../../../core/edit-formats/patch.ts';
import { hasBlocks } from '../../../core/edit-formats/search-replace.ts';
import { hasUnifiedDiff } from '../../../core/edit-formats/udiff.ts';
import type { ToolCall } from '../../../core/model.ts';

/** True for a text with a patch, search-and-replace blocks or a diff in it. A file in a fence may be a quotation, and is left alone. */
export function holdsEdits(text: string): boolean {
  return hasPatch(text) || hasBlocks(text) || hasUnifiedDiff(text);
}

/** Such a reply as the call that it stands for. */
export function textCall(text: string): ToolCall {
  return { id: 'text', name: 'patch', args: { text }, raw: '' };
}
