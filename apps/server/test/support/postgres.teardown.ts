export default async function removePostgres(): Promise<void> {
  await globalThis.postgresOfAllTests?.remove();
}
