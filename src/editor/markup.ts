/** The document of a page, under a policy that runs one script and takes styles from the extension only. */
import { BOOT_ELEMENT, type Boot } from '../wire/page.ts';

export type PageName =
  | 'topicPage'
  | 'tablePage'
  | 'remoteTablePage'
  | 'historyPage'
  | 'resultPage'
  | 'updatePage'
  | 'runPage'
  | 'logPage'
  | 'doctorPage'
  | 'connectionPage'
  | 'producePage'
  | 'workspacePage'
  | 'cloudRunPage'
  | 'deployPage';

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');

export function pageMarkup(options: {
  readonly page: PageName;
  readonly title: string;
  readonly boot: Boot;
  /** From a path below the extension to an address the page can load. */
  readonly uri: (path: string) => string;
  readonly cspSource: string;
  readonly nonce: string;
}): string {
  const { page, title, boot, uri, cspSource, nonce } = options;
  const policy = `default-src 'none'; script-src 'nonce-${nonce}'; style-src ${cspSource}`;
  // Inside a script element only `<` could end the text.
  const data = JSON.stringify(boot).replaceAll('<', '\\u003c');
  return `<!DOCTYPE html>
<html lang="${escaped(boot.locale)}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${escaped(policy)}">
<meta name="viewport" content="width=device-width">
<title>${escaped(title)}</title>
<link rel="stylesheet" href="${escaped(uri('media/page.css'))}">
</head>
<body class="${page}">
<main></main>
<script type="application/json" id="${BOOT_ELEMENT}">${data}</script>
<script nonce="${nonce}" src="${escaped(uri(`dist/webviews/${page}.js`))}"></script>
</body>
</html>`;
}
