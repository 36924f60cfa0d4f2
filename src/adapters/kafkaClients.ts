/** All that is built on kafkajs, as one file in dist/: the editor, the terminal and the message viewer's thread share it. */
export { createBroker } from './kafka.ts';
export { createTopicAdmin } from './kafkaAdmin.ts';
