import preset from '../jest.preset.mjs';

export default { ...preset, displayName: 'tools', setupFiles: ['reflect-metadata'] };
