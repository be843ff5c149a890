/** HTTPS GET with redirects, proxies and the machine's own certificates; knows no file and no registry. */
import { existsSync, readFileSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import tls from 'node:tls';
import { SetupError } from './setup-error.mjs';

const MOST_REDIRECTS = 5;
/** A connection on which nothing moves for so long is given up. */
export const SILENCE_MS = 30_000;

/** @type {string[] | undefined} */
let authorities;

/**
 * Node's own certificate authorities and those of the operating system, so that a company's proxy is trusted as curl and pip trust it.
 * What is downloaded is checked against pinned hashes besides.
 */
function certificateAuthorities() {
  const bundles = [
    process.env.PIP_CERT,
    process.env.SSL_CERT_FILE,
    process.env.NODE_EXTRA_CA_CERTS,
    '/etc/ssl/certs/ca-certificates.crt',
    '/etc/pki/tls/certs/ca-bundle.crt',
    '/etc/ssl/ca-bundle.pem',
    '/etc/ssl/cert.pem',
  ].filter((path) => path !== undefined && existsSync(path));
  authorities ??= [...tls.rootCertificates, ...new Set(bundles.map((path) => readFileSync(String(path), 'utf8')))];
  return authorities;
}

/**
 * The response of a GET, its body not yet read.
 * @param {string} address
 * @param {Record<string, string>} [headers]
 * @returns {Promise<http.IncomingMessage>}
 */
export async function get(address, headers = {}, redirects = MOST_REDIRECTS) {
  const url = new URL(address);
  if (url.username) {
    const { username, password } = url;
    const token = Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`).toString('base64');
    headers = { ...headers, authorization: `Basic ${token}` };
  }
  const response = await request(url, headers);
  const { statusCode = 0, headers: answer } = response;
  if (statusCode >= 300 && statusCode < 400 && answer.location) {
    response.resume();
    if (redirects === 0) throw new SetupError(`${url.host} redirects in circles.`);
    const next = new URL(answer.location, url);
    const { authorization: _, ...rest } = headers;
    return get(next.href, next.host === url.host ? headers : rest, redirects - 1);
  }
  return response;
}

/** @param {URL} url @param {Record<string, string>} headers @returns {Promise<http.IncomingMessage>} */
async function request(url, headers) {
  const proxy = proxyFor(url);
  const socket = proxy && url.protocol === 'https:' ? await tunnel(proxy, url) : undefined;
  return new Promise((resolve, reject) => {
    const ca = certificateAuthorities();
    /** @type {https.RequestOptions} */
    const options = { headers, timeout: SILENCE_MS, ca, servername: url.hostname };
    if (socket)
      Object.assign(options, {
        createConnection: () => tls.connect({ socket, ca, servername: url.hostname }),
        agent: false,
      });
    const outgoing =
      url.protocol === 'https:'
        ? https.request(url, options, resolve)
        : http.request(url, { headers, timeout: SILENCE_MS }, resolve);
    outgoing.once('timeout', () =>
      outgoing.destroy(Object.assign(new Error(`${url.host} gives no answer`), { code: 'ETIMEDOUT' })),
    );
    outgoing.once('error', reject);
    outgoing.end();
  });
}

/** @param {URL} url @returns {URL | null} */
function proxyFor(url) {
  const env = process.env;
  const proxy = env.HTTPS_PROXY || env.https_proxy || env.ALL_PROXY || env.all_proxy;
  if (!proxy) return null;
  const exceptions = (env.NO_PROXY || env.no_proxy || '').split(',').map((name) => name.trim().replace(/^\*?\./, ''));
  const excepted = exceptions.some(
    (name) => name === '*' || (name !== '' && (url.hostname === name || url.hostname.endsWith(`.${name}`))),
  );
  return excepted ? null : new URL(proxy.includes('://') ? proxy : `http://${proxy}`);
}

/** A connection through an HTTP proxy (RFC 9110 §9.3.6). @param {URL} proxy @param {URL} target @returns {Promise<import('node:net').Socket>} */
function tunnel(proxy, target) {
  const host = `${target.hostname}:${target.port || 443}`;
  /** @type {Record<string, string>} */
  const headers = { host };
  if (proxy.username) {
    const token = `${decodeURIComponent(proxy.username)}:${decodeURIComponent(proxy.password)}`;
    headers['proxy-authorization'] = `Basic ${Buffer.from(token).toString('base64')}`;
  }
  return new Promise((resolve, reject) => {
    const options = { host: proxy.hostname, port: proxy.port || 80, method: 'CONNECT', path: host, headers };
    const outgoing = http.request({ ...options, timeout: SILENCE_MS });
    outgoing.once('connect', (response, socket) => {
      if (response.statusCode === 200) resolve(socket);
      else reject(new SetupError(`The proxy ${proxy.host} refuses ${host} (status ${response.statusCode}).`));
    });
    outgoing.once('timeout', () => outgoing.destroy(new Error(`the proxy ${proxy.host} gives no answer`)));
    outgoing.once('error', reject);
    outgoing.end();
  });
}
