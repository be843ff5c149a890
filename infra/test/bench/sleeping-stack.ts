/** `npm start` with jobs that only sleep, for what is measured before a job begins; measures nothing. */
import { main } from '../../local/main.ts';
import { prepare } from '../../setup/prepare.mjs';

const entry = async () => ({ file: '/bin/sleep', args: ['3600'], lost: null });
await main(process.argv.slice(2), await prepare({ native: 'none' }), { entry });
