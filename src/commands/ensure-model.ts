import type { Config } from '../config.ts';
import { RedgreenError } from '../core/errors.ts';

/** Throws `RedgreenError('config')` when no model is named, no key is set and no server runs on this machine. */
export async function ensureModel(config: Config): Promise<void> {
  const { openaiKey, anthropicKey, anthropicToken, baseUrl, anthropicBaseUrl } = config.values;
  if (Object.values(config.models).some((names) => names.length > 0)) return;
  if ([openaiKey, anthropicKey, anthropicToken, baseUrl, anthropicBaseUrl].some((value) => value !== null)) return;
  const { discoverServers } = await import('../effects/models/discover.ts');
  if ((await discoverServers()).length > 0) return;
  throw new RedgreenError(
    'config',
    'There is no model to ask: set OPENAI_API_KEY or ANTHROPIC_API_KEY, or start a local server (Ollama, LM Studio, llama.cpp, vLLM), or run redgreen demo, which needs neither.',
  );
}
