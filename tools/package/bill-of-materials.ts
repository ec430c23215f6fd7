import { json } from './lock-dependencies.ts';
import { npm } from './npm.ts';

/** The used members of a document in the format CycloneDX. */
export interface BillOfMaterials {
  readonly metadata: { readonly component: { readonly name: string; readonly version: string } };
  readonly components: readonly {
    readonly name: string;
    readonly version: string;
    readonly externalReferences: readonly { readonly url: string }[];
  }[];
}

/** The packages that `npm ci --omit=dev` installs in a folder, read from its lockfile, in the format CycloneDX. */
export function billOfMaterials(folder: string, name: string): string {
  const options = ['--sbom-format=cyclonedx', '--sbom-type=application', '--package-lock-only', '--omit=dev'];
  // npm gives the absolute paths of tarballs.
  const text = npm(folder, 'sbom', ...options).replaceAll(`file:${folder}/`, 'file:');
  const { metadata, ...others } = JSON.parse(text) as BillOfMaterials;
  // npm names the application after the folder.
  return json({ ...others, metadata: { ...metadata, component: { ...metadata.component, name } } });
}
