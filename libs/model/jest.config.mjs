import preset from '../../jest.preset.mjs';

export default { ...preset, displayName: 'model', setupFiles: ['reflect-metadata'] };
