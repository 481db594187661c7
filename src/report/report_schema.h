/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The JSON Schema of the JSON report, man/ivslint-report.schema.json, as it was
 * when the program was built.
 */
#ifndef REPORT_REPORT_SCHEMA_H
#define REPORT_REPORT_SCHEMA_H

#include <stddef.h>

extern const char report_schema[];
extern const size_t report_schema_size; /* without the NUL at the end */

#endif
