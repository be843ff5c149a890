/** `npm start` with a meter in it: writes what it has counted into the file GANWAY_METER four times a second; knows no price. */
import { renameSync, writeFileSync } from 'node:fs';
import { main } from '../../local/main.ts';
import { prepare } from '../../setup/prepare.mjs';
import { startFaultProxy } from '../fault-proxy.ts';
import { createMeter } from './meter.ts';

const WRITE_MS = 250;

const file = process.env.GANWAY_METER;
if (!file) throw new Error('GANWAY_METER names no file.');
const meter = createMeter();
setInterval(() => {
  writeFileSync(`${file}.new`, JSON.stringify(meter.counts));
  renameSync(`${file}.new`, file);
}, WRITE_MS).unref();

await main(process.argv.slice(2), await prepare({ native: 'required' }), {
  wired: meter.wired,
  handlers: meter.handlers,
  // Containers are other processes: their requests are counted on the way.
  entryEnvironment: async (usual) => {
    const { GANWAY_S3_ENDPOINT: endpoint } = usual;
    if (endpoint === undefined) throw new Error('Without an S3 server no requests of containers can be counted.');
    const proxy = await startFaultProxy(endpoint);
    proxy.onRequest((request) => {
      meter.request(request);
      return null;
    });
    return { ...usual, GANWAY_S3_ENDPOINT: proxy.url };
  },
});
