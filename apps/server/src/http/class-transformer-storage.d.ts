/** The file in which class-transformer keeps what its decorators said; its types lie in another place of the package. */
declare module 'class-transformer/cjs/storage.js' {
  export { defaultMetadataStorage } from 'class-transformer/types/storage.js';
}
