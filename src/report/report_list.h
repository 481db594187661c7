/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every format that a report can be written in, in the order that help lists
 * them. No include guard: report.c includes it with REPORT defined in two ways.
 *
 * REPORT(name): report_<name>.c holds `const struct report_format report_<name>`.
 */
REPORT(text)
REPORT(json)
REPORT(ndjson)
REPORT(junit)
REPORT(sarif)
REPORT(csv)
REPORT(gitlab)
REPORT(github)
REPORT(markdown)
REPORT(html)
REPORT(ocsf)
REPORT(asff)
