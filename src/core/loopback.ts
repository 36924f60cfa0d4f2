const LOOPBACK = /^(localhost|127\.[\d.]+|\[::1\])$/;

/** Whether a host name, as in a URL, is this machine's own: what goes there is seen by nobody on the way. */
export const isLoopback = (hostname: string): boolean => LOOPBACK.test(hostname);
