import { objectStoreCases } from '../../../infra/test/objectstore.cases.ts';
import { memoryStore } from './memory-store.ts';

objectStoreCases('memory', async () => ({ store: memoryStore(), prefix: '' }));
