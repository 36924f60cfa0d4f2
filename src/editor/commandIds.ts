/** Every command of the manifest, without the prefix `ordersLakehouse.`; a unit test holds the two together. */
export const COMMAND_IDS = [
  'start',
  'stop',
  'reset',
  'snapshot',
  'restore',
  'markLesson',
  'backToLesson',
  'produce',
  'importCsv',
  'run',
  'runFullRefresh',
  'showRun',
  'openTopic',
  'openSchema',
  'openTable',
  'doctor',
  'showLogs',
  'showLog',
  'refresh',
  'copyName',
  'copyAddress',
  'actions',
  'openSettings',
] as const;

export type CommandId = (typeof COMMAND_IDS)[number];
