/** What opens something, by its attributes. */
export const opener =
  "[aria-controls],[role=tab],[data-toggle=collapse],[data-bs-toggle=collapse],[data-target^='#'],[data-bs-target^='#'],button[aria-expanded],[role=button],[onclick],[data-toggle=tab],[data-bs-toggle=tab],[data-toggle=pill]";
