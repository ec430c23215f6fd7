import preset from '../jest.preset.mjs';

export default {
  ...preset,
  displayName: 'tools',
  setupFiles: ['reflect-metadata'],
  // Most of these wait for processes that they started: two at a time also where there are only two processors.
  maxWorkers: 2,
};
