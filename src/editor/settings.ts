/** Settings as VS Code holds them (`ordersLakehouse.*`). */
import * as vscode from 'vscode';
import { DEFAULT_SETTINGS, type Settings } from '../core/settings.ts';

export const SECTION = 'ordersLakehouse';

export interface EditorSettings extends Settings {
  /** Empty: the default home. */
  readonly home: string;
}

/** Setting name → name of the pinned port. */
const PORTS = {
  'ports.kafka': 'kafka.broker',
  'ports.registry': 'registry.http',
  'ports.sparkConnect': 'spark.connect',
  'ports.sparkSql': 'spark.sql',
} as const;

export function readSettings(): EditorSettings {
  const section = vscode.workspace.getConfiguration(SECTION);
  const value = <T>(name: string, fallback: T): T => section.get<T>(name) ?? fallback;
  const { memoryMiB } = DEFAULT_SETTINGS;
  const pinned = Object.entries(PORTS)
    .map(([setting, port]) => [port, value<number>(setting, 0)] as const)
    .filter(([, port]) => port > 0);
  return {
    home: value('home', ''),
    runtime: value('runtime', DEFAULT_SETTINGS.runtime),
    memoryMiB: {
      kafka: value('memory.kafka', memoryMiB.kafka),
      registry: value('memory.registry', memoryMiB.registry),
      spark: value('memory.spark', memoryMiB.spark),
    },
    pinnedPorts: Object.fromEntries(pinned),
    dedupWindow: value('dedupWindow', DEFAULT_SETTINGS.dedupWindow),
    python: value('python', DEFAULT_SETTINGS.python),
    docker: {
      mirror: value('docker.mirror', ''),
      images: {
        kafka: value('docker.images.kafka', ''),
        registry: value('docker.images.registry', ''),
        spark: value('docker.images.spark', ''),
        base: value('docker.images.base', ''),
      },
    },
  };
}

/**
 * What VS Code's own settings say of proxies, as the variables that programs and threads read; VS Code has them before
 * the environment too.
 */
export function proxyVariables(): Readonly<Record<string, string>> {
  const http = vscode.workspace.getConfiguration('http');
  if (http.get('proxySupport') === 'off') return {};
  const proxy = http.get<string>('proxy') ?? '';
  const exempt = (http.get<readonly string[]>('noProxy') ?? []).join(',');
  return {
    ...(proxy === '' ? {} : { http_proxy: proxy, https_proxy: proxy }),
    ...(exempt === '' ? {} : { no_proxy: exempt }),
  };
}
