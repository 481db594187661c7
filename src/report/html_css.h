/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The style of the HTML page, src/report/html/page.css, as it was when
 * the program was built.
 */
#ifndef REPORT_HTML_CSS_H
#define REPORT_HTML_CSS_H

#include <stddef.h>

extern const char html_css[];
extern const size_t html_css_size; /* without the NUL at the end */

#endif
