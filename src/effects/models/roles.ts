// One provider for a whole run: each step is asked of its role's models.
import { type ModelRequest, type Role, roleOf } from '../../core/model.ts';
import type { Provider } from '../../core/ports.ts';

export interface RoleProviders {
  readonly usual: Provider;
  /** The role's models in another order, for a repair that makes no progress with the usual one. */
  readonly alternate: Provider;
}

/** Routes each request to the provider of its step. */
export function createRoles(roles: Readonly<Record<Role, RoleProviders>>): Provider {
  const pick = (request: ModelRequest) => (request.alternate ? roles[roleOf(request.step)].alternate : roles[roleOf(request.step)].usual);
  return {
    name: [...new Set(Object.values(roles).map((r) => r.usual.name))].join(', '),
    worstCase: (request, characters) => pick(request).worstCase(request, characters),
    ask: (request, options) => pick(request).ask(request, options),
  };
}
