/** What long work tells while it goes on. The terminal prints each as a JSON line, the editor as progress. */
import type { ActionKind, ResourceType } from './bundle/kinds.ts';
import type { PartName, PartState } from './sandbox.ts';

export type Event =
  | {
      readonly type: 'download';
      readonly name: string;
      /** Bytes; `total` is missing when the source does not say. */
      readonly done: number;
      readonly total?: number;
    }
  | { readonly type: 'part'; readonly part: PartName; readonly state: PartState; readonly message?: string }
  | { readonly type: 'message'; readonly level: 'info' | 'warning' | 'error'; readonly message: string }
  | {
      readonly type: 'progress';
      readonly task: string;
      readonly done: number;
      readonly total?: number;
      readonly unit: string;
    }
  | { readonly type: 'phase'; readonly phase: string }
  | {
      readonly type: 'dataset';
      readonly dataset: string;
      readonly state: 'queued' | 'running' | 'completed' | 'failed';
      readonly rows?: number;
    }
  | { readonly type: 'flow_progress'; readonly record: unknown }
  /** One action of a deployment's plan; `done` of `total` are over. */
  | {
      readonly type: 'step';
      readonly kind: ActionKind;
      readonly resource: ResourceType;
      readonly key: string;
      readonly name: string;
      readonly state: 'running' | 'completed';
      readonly done: number;
      readonly total: number;
    }
  /** An update of a pipeline in a workspace; `state` as its API names it. */
  | {
      readonly type: 'update';
      readonly pipeline: string;
      readonly updateId: string;
      readonly state: string;
      readonly url: string;
    };

export type OnEvent = (event: Event) => void;
