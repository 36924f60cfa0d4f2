import assert from 'node:assert/strict';
import { pageMarkup } from '../../../src/editor/markup.ts';

const html = pageMarkup({
  page: 'tablePage',
  title: 'gold.<b>"odd"&',
  boot: { locale: 'pt-br', bundle: { a: '</script><script>alert(1)</script>' } },
  uri: (path) => `https://page/${path}`,
  cspSource: 'https://page',
  nonce: 'once',
});

describe('the document of a page', () => {
  it('runs one script by its nonce and takes styles from the extension only', () => {
    const policy = /Content-Security-Policy" content="([^"]+)"/.exec(html)?.[1];
    assert.equal(policy, "default-src 'none'; script-src 'nonce-once'; style-src https://page");
    assert.ok(!html.includes('unsafe-'));
    assert.equal([...html.matchAll(/<script nonce="once"/g)].length, 1);
  });

  it('lets no title and no translation become markup', () => {
    assert.ok(html.includes('<title>gold.&lt;b>&quot;odd&quot;&amp;</title>'));
    assert.equal([...html.matchAll(/<\/script>/g)].length, 2);
    const data = /id="boot">(.*?)<\/script>/.exec(html)?.[1] ?? '';
    assert.deepEqual((JSON.parse(data) as { bundle: unknown }).bundle, {
      a: '</script><script>alert(1)</script>',
    });
  });
});
