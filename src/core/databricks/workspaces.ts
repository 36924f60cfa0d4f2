/** Workspaces that a person connected to. What is secret of one is kept apart. */
import { COLOURS, type Colour } from '../connections.ts';

export { COLOURS, type Colour };

export type LoginProfile =
  /** The Microsoft account of VS Code; `tenant` is the directory the workspace belongs to. */
  | { readonly kind: 'microsoft'; readonly tenant: string }
  /** `az account get-access-token`. */
  | { readonly kind: 'azure-cli'; readonly tenant: string }
  /** An access token, in the secret storage. */
  | { readonly kind: 'token' }
  /** OAuth of a service principal; its secret is in the secret storage. */
  | { readonly kind: 'principal'; readonly clientId: string }
  /** A section of `~/.databrickscfg`, read anew each time. */
  | { readonly kind: 'profile'; readonly profile: string };

export interface WorkspaceProfile {
  /** Never changes, so that secrets and what is remembered stay with it. */
  readonly id: string;
  readonly name: string;
  /** Origin, `https://…`. */
  readonly host: string;
  readonly login: LoginProfile;
  /** Before each write a person is asked. */
  readonly production: boolean;
  readonly colour: Colour;
}

/** The token, or the client's secret; missing stays as it is kept. */
export interface WorkspaceDraft {
  readonly profile: WorkspaceProfile;
  readonly secret?: string;
}
