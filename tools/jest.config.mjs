import preset from '../jest.preset.mjs';

export default {
  ...preset,
  displayName: 'tools',
  setupFiles: ['reflect-metadata'],
  // Most tests wait for processes, so two workers are useful even on two processors.
  maxWorkers: 2,
};
