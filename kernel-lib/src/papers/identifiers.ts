const ENDINGS = /\.(?:tar\.gz|tgz|tar|gz|zip|meca|tex|ltx|n?xml|pdf)$/i;

/** Name of an input file without its folder and endings: `1703.09824` of `1703.09824.tar.gz`. */
export function paperIdOf(source: string): string {
  const name = source.replace(/[/\\]+$/, "").replace(/^.*[/\\]/, "");
  let id = name;
  while (ENDINGS.test(id)) id = id.replace(ENDINGS, "");
  return id || name;
}

/** The arXiv id that a file name gives: `1703.09824v2`, `astro-ph_9901234`, `hep-th9901001`; without its version. */
export function arxivIdOf(source: string): string | null {
  const name = paperIdOf(source).replace(/^arxiv[-_:.]?/i, "");
  const modern = /^(\d{4}\.\d{4,5})(?:v\d+)?$/.exec(name);
  if (modern) return modern[1]!;
  const old = /^([a-z]+(?:-[a-z]+)?(?:\.[A-Z]{2})?)[-_]?(\d{7})(?:v\d+)?$/.exec(name);
  return old ? `${old[1]!}/${old[2]!}` : null;
}
