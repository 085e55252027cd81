// The worker of the installed page keeps one thing: how to say that there is no network, and up to when the last figures
// were. No page and no figure is kept, so nobody sees here what they may not see any more.
"use strict";
const kept = "offline";

addEventListener("install", () => skipWaiting());
// The browser asks for the page by itself, as if there were no worker: what it says of where a request comes from stays.
addEventListener("activate", (e) => e.waitUntil(Promise.all([clients.claim(), registration.navigationPreload?.enable()])));
addEventListener("message", (e) => e.waitUntil(caches.open(kept).then((c) => c.put("/" + kept, new Response(e.data)))));

// Pages that people open: no form, no share link, and nothing that a page loads.
addEventListener("fetch", (e) => {
  const { request } = e;
  if (request.mode !== "navigate" || request.method !== "GET" || request.destination !== "document" ||
    new URL(request.url).pathname.startsWith("/s/")) return;
  e.respondWith(Promise.resolve(e.preloadResponse).then((answer) => answer || fetch(request)).catch(offline));
});

const escaped = (text) => text.replace(/[&<>"]/g, (c) => "&#" + c.charCodeAt(0) + ";");

// The one style and the one script of the page below, with their SHA-256 in its policy.
const style = "body{max-width:40rem;margin:15vh auto;padding:0 1rem;font:1.1rem/1.5 system-ui,sans-serif}a{display:inline-block;padding:.5rem 0}";
const script = 'addEventListener("online",()=>location.reload());setInterval(()=>location.reload(),30000)';
const policy = "default-src 'none'; base-uri 'none'; style-src 'sha256-LeSZ8O+N90Nvl6lZLwMpsY6e9ACGctpp+7tA0L2SxQo='; " +
  "script-src 'sha256-kByaf7tr9hrmIV27ozyIcR8sWiQVFrDbnSvHrm2j58A='";

async function offline(failure) {
  const said = await caches.match("/" + kept, { cacheName: kept });
  if (!said) throw failure;
  const { lang, title, text, again } = await said.json();
  const page = `<!doctype html><html lang="${escaped(lang)}"><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark">
<title>${escaped(title)}</title><style>${style}</style><main><h1>▲ ${escaped(title)}</h1><p>${escaped(text)}</p>
<p><a href="">${escaped(again)}</a></p></main><script>${script}</script></html>`;
  return new Response(page, { status: 503, headers: {
    "Content-Type": "text/html; charset=utf-8", "Content-Security-Policy": policy,
  } });
}
