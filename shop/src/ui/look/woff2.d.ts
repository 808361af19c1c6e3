/** A font file, imported for the URL it is served under. */
declare module "*.woff2" {
  const url: string;
  export default url;
}
