/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The script of the HTML page, src/report/html/page.js, as it was when
 * the program was built.
 */
#ifndef REPORT_HTML_JS_H
#define REPORT_HTML_JS_H

#include <stddef.h>

extern const char html_js[];
extern const size_t html_js_size; /* without the NUL at the end */

#endif
