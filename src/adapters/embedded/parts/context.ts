/** What the commands of the parts are made from. */
import type { Settings } from '../../../core/settings.ts';
import type { HomeLayout } from '../../home.ts';
import type { Installed } from '../installed.ts';
import type { Ports } from '../ports.ts';
import type { JavaRuntime } from './java.ts';

export interface PartContext {
  readonly layout: HomeLayout;
  readonly settings: Settings;
  readonly ports: Ports;
  readonly installed: Installed;
  readonly java: JavaRuntime;
  /** Folder of the archives of loaded classes. */
  readonly archives: string;
}
