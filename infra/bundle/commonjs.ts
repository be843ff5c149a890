/** What an ESM bundle needs so that the CommonJS packages in it may call `require`; knows no bundle. */

/** Put before the code of a bundle. */
export const REQUIRE =
  "import{createRequire as $createRequire}from'node:module';const require=$createRequire(import.meta.url);";
