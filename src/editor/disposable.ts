/** What has something to give back. Structural, unlike the class of VS Code. */
export interface Disposable {
  readonly dispose: () => void;
}
