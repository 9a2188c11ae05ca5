/** There is no sandbox to be had here, so nothing is run; the message says why. */
export class SandboxUnavailable extends Error {}
