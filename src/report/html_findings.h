/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The frame that the script of the HTML page fills, src/report/html/findings.html, as it was when
 * the program was built.
 */
#ifndef REPORT_HTML_FINDINGS_H
#define REPORT_HTML_FINDINGS_H

#include <stddef.h>

extern const char html_findings[];
extern const size_t html_findings_size; /* without the NUL at the end */

#endif
